"""The modules that are mutated. Standard library only: a test of the default tier reads the list without mutmut."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "src" / "wandb_keras_compat"
CODEMODS = ROOT / "codemods" / "wandb_keras_codemods"
SOURCES = [
    PACKAGE / "options.py",
    PACKAGE / "arguments.py",
    PACKAGE / "host" / "feature.py",
    PACKAGE / "host" / "feature_set.py",
    *sorted((PACKAGE / "features").glob("*.py")),
    PACKAGE / "backends" / "tensorflow" / "flops.py",
]


def module_name(path: Path) -> str:
    root = next(folder for folder in (PACKAGE.parent, CODEMODS.parent) if folder in path.parents)
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def path_of(module: str) -> Path:
    """The file of a module, dotted and with the name of the package."""
    return next(path for path in SOURCES if module_name(path) == module)
