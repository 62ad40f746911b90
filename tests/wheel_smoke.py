"""What the nox session ``publish`` runs where the built package is installed and the sources are not: ``wheel_smoke.py WHEEL``."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = {"src": "wandb_keras_compat", "codemods": "wandb_keras_codemods"}
STARTS = [
    "import sys, wandb_keras_codemods.cli; assert not {'wandb', 'numpy'} & set(sys.modules)",
    "import wandb_keras_compat as w; w.install(); w.uninstall()",
]
HEAVY = ("wandb", "numpy", "tensorflow", "keras")
COMMANDS = ["wandb_keras_compat", "wandb_keras_codemods"]


def missing(wheel: Path) -> set[str]:
    """Files of the packages that git knows and the wheel has not."""
    with zipfile.ZipFile(wheel) as archive:
        there = set(archive.namelist())
    tracked = set()
    for folder, package in FOLDERS.items():
        listed = subprocess.run(
            ["git", "ls-files", package], cwd=ROOT / folder, check=True, capture_output=True, text=True
        )
        tracked |= set(listed.stdout.split())
    assert tracked
    return tracked - there


def main() -> None:
    absent = missing(Path(sys.argv[1]))
    assert not absent, f"not in the wheel: {sorted(absent)}"
    import wandb_keras_compat

    assert ROOT / "src" not in Path(wandb_keras_compat.__file__).resolve().parents, "the sources were imported"
    present = {name for name in HEAVY if find_spec(name)}
    assert not present, f"installed, and the codemods need none of it: {present}"
    names = {point.name for point in entry_points(group="console_scripts")}
    assert "wandb-keras-compat" in names
    for statement in STARTS:
        subprocess.run([sys.executable, "-I", "-c", statement], check=True)
    for package in COMMANDS:
        subprocess.run([sys.executable, "-I", "-m", package, "--help"], check=True, stdout=subprocess.DEVNULL)


main()
