"""What every step must give, on every family of wandb versions: the executable expectation of the machine.

The rule behind it: installed, our class everywhere; not installed, what plain wandb would give had the hook never
existed, whatever was imported meanwhile. Keras is patched by imports of wandb's that the program makes itself, and by
its first request for wandb's own class where the import was ours or came under the hook.
"""

from __future__ import annotations

from dataclasses import dataclass

OURS, REAL, OK = "ours", "real", "ok"
NO_MODULE, NO_NAME, NO_ATTRIBUTE, UNBOUND = "ModuleNotFoundError", "ImportError", "AttributeError", "NameError"


@dataclass
class Model:
    """State of one process, as plain wandb's import behaviour and our contract define it."""

    family: str
    installed: bool = False
    attribute: str = "lazy"  # what wandb.keras is: the LazyLoader, the old submodule, or the package
    entry: str = ""  # who made sys.modules["wandb.keras"]: "", "wandb" or "alias"
    held: str = ""  # what `from wandb import keras` bound
    legacy_loaded: bool = False
    patched: bool = False
    waiting: bool = False  # the package is loaded, and the patch it would have made is not

    def step(self, name: str) -> str:
        """Take a step and say how it ends: the class it gives, ``ok``, or the name of an exception."""
        outcome: str = getattr(self, "_" + name)()
        return outcome

    def _class(self, missing: str) -> str:
        if self.installed:
            return OURS
        return missing if self.family == "new" else self._real()

    def _real(self) -> str:
        self.patched |= self.waiting
        self.waiting = False
        return REAL

    def _load_package(self, ours: bool = False) -> None:
        if not self.legacy_loaded and self.family != "new":
            self.waiting = ours or self.installed
            self.patched = not self.waiting
        self.legacy_loaded = True

    def _fire(self) -> None:
        """The LazyLoader loads: it enters the package in sys.modules under the name wandb.keras."""
        self._load_package()
        self.entry = "wandb"

    def _install(self) -> str:
        self.installed = True
        return OK

    def _uninstall(self) -> str:
        if self.installed:
            self.installed = False
            self.entry = "" if self.entry == "alias" else self.entry
            self.attribute = "lazy" if self.attribute == "package" else self.attribute
        return OK

    def _import_wandb(self) -> str:
        return OK

    def _import_wandb_keras(self) -> str:
        if self.entry:
            return OK
        if self.installed:
            self._load_package()
            self.entry, self.attribute = "alias", "package"
            return OK
        if self.family == "old":
            self._load_package()
            self._real()  # the submodule binds it
            self.entry, self.attribute = "wandb", "submodule"
            return OK
        return NO_MODULE

    def _from_wandb_keras(self) -> str:
        found = self._import_wandb_keras()
        return self._class(NO_NAME) if found == OK else found

    def _star_of_wandb_keras(self) -> str:
        found = self._import_wandb_keras()
        return self._class(UNBOUND) if found == OK else found

    def _attribute(self) -> str:
        if self.attribute == "lazy":
            self._fire()
        return self._class(NO_ATTRIBUTE)

    def _hold(self) -> str:
        self.held = self.attribute
        return OK

    def _attribute_of_held(self) -> str:
        if not self.held:
            return UNBOUND
        if self.held == "lazy":
            self._fire()
        return self._class(NO_ATTRIBUTE)

    def _from_integration(self) -> str:
        self._load_package()
        return self._class(NO_NAME)

    def _from_legacy_module(self) -> str:
        self._load_package()
        return self._class(NO_NAME)

    def _name_of_2017(self) -> str:
        if not self.installed:
            return NO_MODULE
        self._load_package(ours=True)  # our class stands on wandb's callbacks
        return OURS

    def _from_ours(self) -> str:
        self._load_package(ours=True)
        return OURS

    def _from_callbacks(self) -> str:
        self._load_package()
        return REAL
