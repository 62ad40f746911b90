"""A cell: the versions of one environment."""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

#: What ``tf.keras`` is: Keras 2 that came with TensorFlow, Keras 3, or the tf-keras package.
FLAVOURS = ("keras2", "keras3", "tf-keras")


@dataclass(frozen=True)
class Cell:
    """One environment.

    Attributes:
        python: minor version of the interpreter.
        keras: one of :data:`FLAVOURS`, the newest that goes with the rest; or an exact version of Keras 3.
    """

    python: str
    tensorflow: str
    keras: str
    wandb: str

    @property
    def name(self) -> str:
        """Names its lock, its result and its row; of letters, digits, dots and hyphens."""
        keras = self.keras if self.keras in FLAVOURS else f"keras{self.keras}"
        return f"tf{self.tensorflow}-{keras.replace('-', '')}-wandb{self.wandb}-py{self.python}"

    @property
    def flavour(self) -> str:
        return flavour_of(self.keras)

    def requirements(self) -> list[str]:
        """The packages the cell is about."""
        found = [f"tensorflow-cpu=={self.tensorflow}", f"wandb=={self.wandb}"]
        if self.keras == "tf-keras":
            minor = ".".join(self.tensorflow.split(".")[:2])
            found.append(f"tf-keras=={minor}.*")
        elif self.keras not in FLAVOURS:
            found.append(f"keras=={self.keras}")
        return found

    def environment(self) -> dict[str, str]:
        """The variables that make it this cell."""
        return {"TF_USE_LEGACY_KERAS": "1"} if self.keras == "tf-keras" else {}

    def __str__(self) -> str:
        keras = {"keras2": "its Keras 2", "keras3": "Keras 3", "tf-keras": "tf-keras"}.get(
            self.keras, f"Keras {self.keras}"
        )
        return f"TensorFlow {self.tensorflow}, {keras}, wandb {self.wandb}, Python {self.python}"


def flavour_of(keras: str) -> str:
    """Raises:
    ValueError: *keras* is neither a flavour nor a version.
    """
    if keras in FLAVOURS:
        return keras
    try:
        return "keras3" if Version(keras).major >= 3 else "keras2"
    except InvalidVersion:
        raise ValueError(f"keras: {keras!r} is none of {', '.join(FLAVOURS)}, and no version") from None


_NAME = re.compile(r"tf(?P<tensorflow>[^-]+)-(?P<keras>[^-]+)-wandb(?P<wandb>[^-]+)-py(?P<python>[^-]+)")


def cell_named(name: str) -> Cell:
    """The cell whose :attr:`Cell.name` that is.

    Raises:
        ValueError: it is none.
    """
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"{name!r} names no cell; one is named like tf2.21.0-keras3-wandb0.31.0-py3.13")
    parts = found.groupdict()
    keras = parts.pop("keras")
    keras = {"tfkeras": "tf-keras", **{name: name for name in FLAVOURS}}.get(keras, keras.removeprefix("keras"))
    flavour_of(keras)
    return Cell(keras=keras, **parts)
