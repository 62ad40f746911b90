"""What an environment of given versions needs beside them: interpreters with wheels, and bounds that old builds lack.

The matrix uses the same table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from .cells import FLAVOURS, Cell, flavour_of

#: The interpreters that the package is for, oldest first.
PYTHONS = ("3.10", "3.11", "3.12", "3.13")

#: Keras 2 comes with TensorFlow up to 2.15; from then on it takes Keras 3, or tf-keras with TF_USE_LEGACY_KERAS=1.
KERAS = {"keras2": SpecifierSet("<2.16"), "keras3": SpecifierSet(">=2.16"), "tf-keras": SpecifierSet(">=2.16")}


@dataclass(frozen=True)
class Conditional:
    """Something that holds for cells whose versions satisfy specifiers."""

    when: Mapping[str, SpecifierSet]
    items: tuple[str, ...]
    why: str = ""

    def holds(self, cell: Cell) -> bool:
        """Whether each version of *cell* is such; where it has none of a package, or no exact one, it is not."""
        versions = {name: str(getattr(cell, name)) for name in self.when}
        return all(
            versions[name] not in ("", *FLAVOURS) and specifiers.contains(_release(versions[name]))
            for name, specifiers in self.when.items()
        )


def _release(version: str) -> str:
    """*version*, or of a candidate, which is neither below its release nor from it on, that release."""
    return Version(version).base_version


def _for(package: str, versions: str, *items: str, why: str = "") -> Conditional:
    return Conditional({package: SpecifierSet(versions)}, items, why)


#: Which interpreters have wheels.
INTERPRETERS = (
    _for("tensorflow", "<2.12", "3.10"),
    _for("tensorflow", ">=2.12,<2.16", "3.10", "3.11"),
    _for("tensorflow", ">=2.16,<2.20", "3.10", "3.11", "3.12"),
    _for("wandb", "<0.16", "3.10", "3.11", why="it needs pathtools, which needs the module imp to be built"),
)

#: What old builds need beside themselves.
RULES = (
    _for("tensorflow", "<2.13", "numpy<1.24", why="built against NumPy 1, and uses names that NumPy 1.24 removed"),
    _for("tensorflow", ">=2.13,<2.18", "numpy<2", why="built against NumPy 1"),
    _for(
        "tensorflow", "<2.12", "h5py<3.9", "protobuf<3.20",
        why="built for this protobuf; h5py 3.9 needs a newer NumPy",
    ),
    _for("keras", "<3.5", "numpy<2", why="names that NumPy 2 removed (np.Inf)"),
    _for("jax", ">0", "h5py", "pillow", why="what Keras saves and wandb logs with; TensorFlow brings the one"),
    _for("torch", ">0", "h5py", "pillow", why="as with JAX"),
    _for("wandb", "<0.17.2", "numpy<2", why="names that NumPy 2 removed (np.float_, at import)"),
    _for("wandb", "<0.19", "setuptools<80", why="pkg_resources"),
)  # fmt: skip


class BadCell(ValueError):
    """Versions that are none, or that name no cell; the message says which."""


def pythons_of(cell: Cell) -> list[str]:
    """The interpreters that TensorFlow and wandb of *cell* have wheels for, oldest first."""
    sets = [rule.items for rule in INTERPRETERS if rule.holds(cell)]
    return [python for python in PYTHONS if all(python in items for items in sets)]


def requirements_of(cell: Cell) -> list[str]:
    """What is asked of the resolver for *cell*, beside what the package itself requires."""
    found = cell.requirements()
    for rule in RULES:
        if rule.holds(cell):
            found += [item for item in rule.items if item not in found]
    return found


def flavour_for(tensorflow: str, keras: str | None) -> str:
    """*keras*, or what that TensorFlow takes by itself.

    Raises:
        BadCell: a version that is none.
    """
    try:
        flavour = keras or next(name for name in FLAVOURS if KERAS[name].contains(_release(tensorflow)))
        flavour_of(flavour)
    except ValueError as error:
        raise BadCell(str(error)) from None
    return flavour


def check_versions(**versions: str | None) -> None:
    """Raises:
    BadCell: one of *versions*, by the name of its option, is none.
    """
    for name, version in versions.items():
        if version is None:
            continue
        try:
            Version(version)
        except InvalidVersion:
            raise BadCell(f"--{name} {version}: that is no version") from None
