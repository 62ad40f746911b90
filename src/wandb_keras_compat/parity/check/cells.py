"""A cell: the versions of one environment."""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

#: What ``tf.keras`` is: Keras 2 that came with TensorFlow, Keras 3, or the tf-keras package.
FLAVOURS = ("keras2", "keras3", "tf-keras")

#: What Keras can compute with beside TensorFlow, and its name.
LABELS = {"jax": "JAX", "torch": "PyTorch"}


@dataclass(frozen=True)
class Cell:
    """One environment.

    Attributes:
        python: minor version of the interpreter.
        tensorflow: its version; empty where Keras computes with something else.
        keras: one of :data:`FLAVOURS`, the newest that goes with the rest; or an exact version of Keras 3.
        backend: what Keras computes with: ``tensorflow`` or a key of :data:`LABELS`.
        framework: the version of that, where it is not TensorFlow.
    """

    python: str
    tensorflow: str
    keras: str
    wandb: str
    backend: str = "tensorflow"
    framework: str = ""

    def __post_init__(self) -> None:
        if self.backend not in ("tensorflow", *LABELS):
            raise ValueError(f"backend: {self.backend!r} is none of tensorflow, {', '.join(LABELS)}")
        if (self.backend == "tensorflow") != bool(self.tensorflow) or bool(self.tensorflow) == bool(self.framework):
            raise ValueError("a cell has the version of TensorFlow, or of another backend")

    @property
    def jax(self) -> str:
        return self.framework if self.backend == "jax" else ""

    @property
    def torch(self) -> str:
        return self.framework if self.backend == "torch" else ""

    @property
    def name(self) -> str:
        """Names its lock, its result and its row; of letters, digits, dots and hyphens."""
        keras = self.keras if self.keras in FLAVOURS else f"keras{self.keras}"
        computes = f"tf{self.tensorflow}" if self.tensorflow else f"{self.backend}{self.framework}"
        return f"{computes}-{keras.replace('-', '')}-wandb{self.wandb}-py{self.python}"

    @property
    def flavour(self) -> str:
        return flavour_of(self.keras)

    def requirements(self) -> list[str]:
        """The packages the cell is about."""
        computes = f"tensorflow-cpu=={self.tensorflow}" if self.tensorflow else f"{self.backend}=={self.framework}"
        found = [computes, f"wandb=={self.wandb}"]
        if self.keras == "tf-keras":
            minor = ".".join(self.tensorflow.split(".")[:2])
            # tf-keras asks for tensorflow: with tensorflow-cpu beside it two builds are mixed, at times into a crash.
            found[0] = f"tensorflow=={self.tensorflow}"
            found.append(f"tf-keras=={minor}.*")
        elif self.keras not in FLAVOURS:
            found.append(f"keras=={self.keras}")
        return found

    def environment(self) -> dict[str, str]:
        """The variables that make it this cell."""
        if self.backend != "tensorflow":
            return {"KERAS_BACKEND": self.backend}
        return {"TF_USE_LEGACY_KERAS": "1"} if self.keras == "tf-keras" else {}

    def __str__(self) -> str:
        keras = {"keras2": "its Keras 2", "keras3": "Keras 3", "tf-keras": "tf-keras"}.get(
            self.keras, f"Keras {self.keras}"
        )
        computes = f"TensorFlow {self.tensorflow}" if self.tensorflow else f"{LABELS[self.backend]} {self.framework}"
        return f"{computes}, {keras}, wandb {self.wandb}, Python {self.python}"


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


_NAME = re.compile(
    r"(?P<backend>tf|jax|torch)(?P<framework>[^-]+)-(?P<keras>[^-]+)-wandb(?P<wandb>[^-]+)-py(?P<python>[^-]+)"
)


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
    if parts["backend"] == "tf":
        return Cell(parts["python"], parts["framework"], keras, parts["wandb"])
    return Cell(tensorflow="", keras=keras, **parts)
