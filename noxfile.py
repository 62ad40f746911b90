"""Sessions: ``nox -l`` lists them. ``tests`` is the default tier; ``cell-oracle`` and its like run it elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path

import nox

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # comes with nox there

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["lint", "types", "tests"]
nox.needs_version = ">=2024.10.9"

CELLS = tomllib.loads(Path("compat_matrix/matrix.toml").read_text(encoding="utf-8"))["cell"]
TEST_TOOLS = ["pytest", "pytest-timeout", "pytest-xdist", "hypothesis", "scikit-learn", "ipython"]


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff, every rule but those pyproject.toml gives a reason for leaving out."""
    session.install("ruff")
    session.run("ruff", "check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """mypy --strict over the package."""
    session.install("-e", ".[codemods,testing,dev]")
    session.run("mypy")


@nox.session
def tests(session: nox.Session) -> None:
    """The default tier with the newest of everything this interpreter can have."""
    session.install("-e", ".[tensorflow,codemods,testing,dev]")
    session.run("pytest", *session.posargs)


def _cell_session(cell: dict) -> None:
    @nox.session(name=f"cell-{cell['name']}", python=cell["python"])
    def run(session: nox.Session) -> None:
        session.install(*cell["requirements"], *TEST_TOOLS, "-e", ".")
        session.run("pytest", *session.posargs, env=cell.get("environment", {}))

    run.__doc__ = f"The suite with {', '.join(cell['requirements'][:3])}: {cell['why']}."


for _cell in CELLS:
    _cell_session(_cell)


@nox.session(python=next(cell["python"] for cell in CELLS if cell["name"] == "oracle"))
def oracle(session: nox.Session) -> None:
    """Records the goldens again with the real class and demands that they are the committed ones."""
    cell = next(cell for cell in CELLS if cell["name"] == "oracle")
    session.install(*cell["requirements"], "-e", ".")
    session.run("python", "-m", "tests.parity.record_oracle", "--check")


@nox.session
def benchmarks(session: nox.Session) -> None:
    """The ratios of benchmarks/README.md."""
    session.install("-e", ".[tensorflow,codemods,testing,dev]")
    session.run("python", "-m", "benchmarks", *session.posargs)
