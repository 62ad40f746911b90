"""Which side of the ledger the model is on."""

from __future__ import annotations

from collections.abc import Mapping

from packaging.version import Version


class DiesError(Exception):
    """The real class lets an exception end the training here."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Rules:
    """The real class, or the shim: the same rules but for the known differences.

    Args:
        shim: which of both.
        versions: of what is installed, by distribution; some differences only exist with some of them.

    Attributes:
        met: ids of the ledger that mattered so far in a play.
    """

    def __init__(self, shim: bool, versions: Mapping[str, str]) -> None:
        self.shim = shim
        keras, tensorflow, wandb = (Version(versions[name]) for name in ("keras", "tensorflow", "wandb"))
        self.keras_3 = keras.major >= 3
        #: Whether the optimizer that keeps gradients is of no kind that Keras 2 knows, or of one that returns nothing.
        self.optimizer_is_unknown = not self.keras_3 and tensorflow >= Version("2.11") and wandb < Version("0.13.6")
        self.optimizer_returns_nothing = not self.keras_3 and tensorflow >= Version("2.14")
        #: Whether an epoch that is told without logs is as bad as a batch, and labels=None as no list.
        self.defaults_are_objects = wandb < Version("0.15.8")
        #: Whether the installed wandb makes other images of pixels than the legacy rule does.
        self.images_are_others = wandb >= Version("0.20")
        #: Whether wandb.save has a file that is not there yet uploaded once it is.
        self.registers_absent_files = wandb < Version("0.16.6")
        #: Whether the real class' patch of ``Model.fit`` is of the Keras in use.
        self.patches_fit = tensorflow < Version("2.13")
        self.met: set[str] = set()

    def differs(self, entry: str) -> bool:
        """Notes that the difference *entry* matters now; whether the model is on the shim's side of it."""
        self.met.add(entry)
        return self.shim

    def dies(self, entry: str, error: str) -> None:
        """The real class dies of *error*, and the ledger's *entry* says what the shim does instead: it returns.

        Raises:
            DiesError: on the real class's side.
        """
        if not self.differs(entry):
            raise DiesError(error)
