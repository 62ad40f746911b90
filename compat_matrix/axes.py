"""``matrix.toml`` as objects: axes, rules by specifier, boundaries and corners; capabilities are those of ``check``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from wandb_keras_compat.parity.check.capabilities import CAPABILITIES, OF_THE_CLASS, Capability
from wandb_keras_compat.parity.check.cells import LABELS, Cell, flavour_of
from wandb_keras_compat.parity.check.requirements import INTERPRETERS, RULES, Conditional

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]  # comes with nox and pytest there

HERE = Path(__file__).parent
MATRIX_TOML = HERE / "matrix.toml"


class MatrixError(ValueError):
    """A matrix.toml that cannot be used; the message names the place."""


@dataclass(frozen=True)
class Axis:
    """Versions of a package, oldest first, and the last on which every capability of the real class works."""

    versions: tuple[str, ...]
    last_oracle: str


@dataclass(frozen=True)
class Boundary:
    """Two neighbouring releases between which behaviour changes; *build* says on which TensorFlow it shows."""

    package: str
    versions: tuple[str, str]
    why: str
    tensorflow: SpecifierSet


@dataclass(frozen=True)
class Corner:
    """A cell with a name."""

    name: str
    cell: Cell
    why: str


@dataclass(frozen=True)
class PropertyTestSettings:
    """How many plays are drawn for a property, from which seed, and what drawing them needs.

    Attributes:
        properties: capability to its property, of those that have one.
    """

    examples: int
    seed: int
    requirements: tuple[str, ...]
    properties: Mapping[str, str]


@dataclass(frozen=True)
class Matrix:
    """All of it."""

    tensorflow: Axis
    wandb: Axis
    python: Axis
    keras: Mapping[str, SpecifierSet]
    boundaries: tuple[Boundary, ...]
    interpreters: tuple[Conditional, ...]
    rules: tuple[Conditional, ...]
    exclusions: tuple[Conditional, ...]
    corners: tuple[Corner, ...]
    minors: tuple[Corner, ...]
    """Every Keras on each framework beside TensorFlow."""
    capabilities: tuple[Capability, ...]
    scenarios: Mapping[str, str]
    """Tier to what is played in its cells: ``all`` or ``selection``."""
    drawn: PropertyTestSettings

    def builds(self) -> list[tuple[str, str]]:
        """(TensorFlow, Keras flavour) for every TensorFlow, oldest first; the flavour it has by itself comes first."""
        return [
            (tensorflow, flavour)
            for tensorflow in self.tensorflow.versions
            for flavour, specifiers in self.keras.items()
            if specifiers.contains(tensorflow)
        ]

    def pythons(self, cell: Cell) -> list[str]:
        """The interpreters that TensorFlow and wandb of *cell* have wheels for, oldest first."""
        sets = [rule.items for rule in self.interpreters if rule.holds(cell)]
        return [python for python in self.python.versions if all(python in items for items in sets)]

    def requirements(self, cell: Cell) -> list[str]:
        """What is asked of the resolver for *cell*, beside what the package itself requires."""
        found = cell.requirements()
        for rule in self.rules:
            if rule.holds(cell):
                found += [item for item in rule.items if item not in found]
        return found

    def applicable(self, cell: Cell) -> list[Capability]:
        """The capabilities that can be looked at in *cell*."""
        return [capability for capability in self.capabilities if capability.applies(cell.flavour)]

    def excluded(self, cell: Cell) -> str | None:
        """Why *cell* is not run though it can be installed."""
        return next((rule.why for rule in self.exclusions if rule.holds(cell)), None)


def load(path: Path = MATRIX_TOML) -> Matrix:
    """Raises:
    MatrixError: it cannot be read, or has a version or specifier that is none.
    """
    try:
        return _matrix(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, InvalidVersion, InvalidSpecifier, MatrixError) as error:
        raise MatrixError(f"{path.name}: {error}") from error
    except KeyError as error:
        raise MatrixError(f"{path.name}: {error} is missing") from error


def _matrix(data: Mapping[str, Any]) -> Matrix:
    axes = data["axes"]
    return Matrix(
        **{name: _axis(name, axes[name]) for name in ("tensorflow", "wandb", "python")},
        keras={name: SpecifierSet(specifiers) for name, specifiers in axes["keras"].items()},
        boundaries=tuple(map(_boundary, data.get("boundary", []))),
        interpreters=INTERPRETERS + tuple(_conditional(item, "pythons") for item in data.get("interpreters", [])),
        rules=RULES + tuple(_conditional(item, "requirements") for item in data.get("rule", [])),
        exclusions=tuple(_conditional(item) for item in data.get("exclusion", [])),
        corners=tuple(map(_corner, data.get("cell", []))),
        minors=tuple(corner for item in data.get("keras_minors", []) for corner in _minors(item)),
        capabilities=tuple(CAPABILITIES.values()),
        scenarios=data["scenarios"],
        drawn=_drawn(data["drawn"]),
    )


def _axis(name: str, data: Mapping[str, Any]) -> Axis:
    versions = data["versions"]
    if sorted(versions, key=Version) != versions or len(set(versions)) != len(versions):
        raise MatrixError(f"axes.{name}.versions: oldest first, each once")
    return Axis(tuple(versions), data["last_oracle"])


def _drawn(data: Mapping[str, Any]) -> PropertyTestSettings:
    if unknown := set(data["properties"]) - set(OF_THE_CLASS):
        raise MatrixError(f"drawn.properties: {', '.join(sorted(unknown))} is no capability of the class")
    return PropertyTestSettings(**{**data, "requirements": tuple(data["requirements"])})


def _boundary(data: Mapping[str, Any]) -> Boundary:
    before, after = data["versions"]
    if not Version(before) < Version(after):
        raise MatrixError(f"boundary: {before} is not before {after}")
    return Boundary(data["package"], (before, after), data["why"], SpecifierSet(data.get("tensorflow", "")))


def _conditional(data: Mapping[str, Any], items: str = "") -> Conditional:
    when = {name: SpecifierSet(specifiers) for name, specifiers in data["when"].items()}
    if unknown := when.keys() - {"tensorflow", "jax", "torch", "keras", "wandb", "python"}:
        raise MatrixError(f"when: {', '.join(sorted(unknown))} is no axis")
    return Conditional(when, tuple(data[items]) if items else (), data.get("why", ""))


def _corner(data: Mapping[str, Any]) -> Corner:
    of = ("python", "tensorflow", "keras", "wandb", "backend", "framework")
    cell = Cell(**{"tensorflow": "", **{name: data[name] for name in of if name in data}})
    flavour_of(cell.keras)
    return Corner(data["name"], cell, data["why"])


def _minors(data: Mapping[str, Any]) -> Iterator[Corner]:
    """A cell for each Keras of an entry, in its order."""
    for keras in data["keras"]:
        cell = Cell(data["python"], "", keras, data["wandb"], data["backend"], data["framework"])
        yield Corner(cell.name, cell, f"Keras {keras} on {LABELS[cell.backend]}")
