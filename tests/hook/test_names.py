"""What the hook provides, what it leaves alone, and how it takes its names off again, on the stand-ins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .standins import FAMILIES, plant

Run = Callable[..., str]

OURS = "import wandb_keras_compat as ours\n"


@pytest.fixture
def planted(tmp_path: Path) -> Callable[[str], Path]:
    return lambda family: plant(tmp_path / family, family)


def tensorflow_waits_for(folder: Path, event: str) -> None:
    """Its import, which takes seconds, sets the event ``importing`` of the program and takes until *event* is set."""
    (folder / "tensorflow" / "__init__.py").write_text(
        "import __main__\npatches = []\nclass Callback: pass\nclass keras: pass\n"
        f"__main__.importing.set()\nassert __main__.{event}.wait(60)\n"
    )


def with_shim(planted: Path) -> str:
    return f"{OURS}ours.__path__.insert(0, {str(planted / 'shim')!r})\n"


@pytest.mark.parametrize("family", FAMILIES)
def test_all_names_come_from_us_by_every_road(python: Run, planted: Callable[[str], Path], family: str) -> None:
    folder = planted(family)
    python(
        with_shim(folder)
        + """
ours.install()
from wandb.keras import *
four = [WandbCallback, WandbMetricsLogger, WandbModelCheckpoint, WandbEvalCallback]
assert four == [ours.WandbCallback, ours.WandbMetricsLogger, ours.WandbModelCheckpoint, ours.WandbEvalCallback]

import wandb, wandb.keras, wandb.integration.keras as package
from wandb.integration.keras import callbacks
for name, cls in zip(["WandbCallback", "WandbMetricsLogger", "WandbModelCheckpoint", "WandbEvalCallback"], four):
    assert getattr(wandb.keras, name) is getattr(package, name) is cls
    assert {name, "callbacks"} <= set(dir(package))
    assert getattr(callbacks, name, None) is not cls, "wandb's own classes must stay where ours stand on them"
    assert name == "WandbCallback" or issubclass(cls, getattr(callbacks, name))

from wandb.keras import is_dataset, is_generator_like, patch_tf_keras
from wandb.integration.keras.keras import WandbCallback as legacy, is_dataset as same
assert legacy is WandbCallback and same is is_dataset
assert is_generator_like(iter([])) and not is_generator_like([]) and not is_dataset([])

import tensorflow
assert patch_tf_keras() is None and tensorflow.patches == []
""",
        folder,
    )


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("module", ["wandb.integration.keras", "wandb.integration.keras.keras"])
def test_uninstall_restores_the_namespaces_of_loaded_modules(
    python: Run, planted: Callable[[str], Path], family: str, module: str
) -> None:
    folder = planted(family)
    python(
        with_shim(folder)
        + f"""
import sys, wandb, {module}
before = dict(vars(sys.modules[{module!r}])), dict(vars(wandb)), sorted(sys.modules)
for again in range(2):
    ours.install(); ours.install()
    import wandb.keras, wandb.wandb_keras
    assert wandb.keras.WandbCallback is wandb.wandb_keras.WandbKerasCallback is ours.WandbCallback
    ours.uninstall(); ours.uninstall()
    assert (dict(vars(sys.modules[{module!r}])), dict(vars(wandb))) == before[:2]
    gained = set(sys.modules) - set(before[2])
    assert not [name for name in gained if name.startswith("wandb.")], gained
""",
        folder,
    )


@pytest.mark.parametrize("family", ["old", "mid"])
def test_a_patch_held_back_is_made_once_at_uninstall(python: Run, planted: Callable[[str], Path], family: str) -> None:
    folder = planted(family)
    python(
        with_shim(folder)
        + """
ours.install()
from wandb.integration.keras import callbacks, keras
import tensorflow
assert tensorflow.patches == []
ours.uninstall()
assert tensorflow.patches == [keras.WandbCallback]
ours.install(); ours.uninstall()
assert tensorflow.patches == [keras.WandbCallback]
callbacks.patch_tf_keras()  # bound under the hook, and wandb's own again
assert tensorflow.patches == [keras.WandbCallback] * 2
assert keras.is_dataset(None) == "wandb's own"
""",
        folder,
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_wandb_modules_keep_their_loader_and_can_be_reloaded(
    python: Run, planted: Callable[[str], Path], family: str
) -> None:
    folder = planted(family)
    python(
        with_shim(folder)
        + """
import importlib, inspect
ours.install()
import wandb.integration.keras as package
for module in (package, package.keras):
    assert module.__loader__ is module.__spec__.loader
    assert type(module.__loader__).__module__.startswith("_frozen_importlib"), module.__loader__
    assert "tf_keras" in inspect.getsource(module) or "WandbEvalCallback" in inspect.getsource(module)
assert importlib.reload(package).WandbCallback is ours.WandbCallback
ours.uninstall()
assert package.__dict__.get("WandbCallback") is package.keras.__dict__.get("WandbCallback")
""",
        folder,
    )


def test_a_value_assigned_meanwhile_wins_until_uninstall(python: Run, planted: Callable[[str], Path]) -> None:
    folder = planted("mid")
    python(
        with_shim(folder)
        + """
import wandb.integration.keras as package
from unittest import mock
real = package.WandbCallback
ours.install()
with mock.patch("wandb.integration.keras.WandbCallback", "patched"):
    assert package.WandbCallback == "patched"
assert package.WandbCallback is ours.WandbCallback
package.WandbCallback = "assigned"
assert package.WandbCallback == "assigned"
ours.uninstall()
assert package.WandbCallback is real
""",
        folder,
    )


def test_without_wandb_the_ordinary_error(python: Run, tmp_path: Path) -> None:
    # A finder at the front that has no wandb stands for an environment without it.
    python(
        OURS
        + """
import sys
class Without:
    def find_spec(self, name, path=None, target=None):
        if name == "wandb":
            raise ModuleNotFoundError("No module named 'wandb'", name="wandb")
ours.install()
sys.meta_path.insert(0, Without())
for statement in ["import wandb.keras", "from wandb.keras import WandbCallback", "import wandb.wandb_keras"]:
    try:
        exec(statement)
    except ModuleNotFoundError as error:
        assert error.name == "wandb"
    else:
        raise AssertionError(statement)
ours.uninstall()
""",
    )


def test_many_threads_installing_importing_and_uninstalling(python: Run, planted: Callable[[str], Path]) -> None:
    folder = planted("mid")
    python(
        with_shim(folder)
        + """
import sys, threading
sys.setswitchinterval(1e-6)
failures, start = [], threading.Barrier(12)

def work(number):
    try:
        start.wait()
        for _ in range(50):
            (ours.install if number % 3 else ours.uninstall)()
            from wandb.integration.keras import WandbCallback
            assert WandbCallback.__module__ in ("wandb.integration.keras.keras", "wandb_keras_compat.callback")
    except BaseException as error:
        failures.append(error)

threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert not failures, failures
ours.install()
from wandb.keras import WandbCallback
assert WandbCallback is ours.WandbCallback
ours.uninstall()
import wandb.integration.keras as package
assert package.WandbCallback is package.keras.WandbCallback is vars(package)["WandbCallback"]
assert package.WandbCallback.__module__ == "wandb.integration.keras.keras"
assert type(sys.meta_path[0]).__module__ != "wandb_keras_compat.hook.finder"
""",
        folder,
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_no_thread_meets_a_stand_in_under_the_alias(family: str, python: Run, planted: Callable[[str], Path]) -> None:
    """What stands in ``sys.modules`` while a module is imported, another thread takes for it and keeps."""
    folder = planted(family)
    package = folder / "wandb" / "integration" / "keras" / "__init__.py"
    package.write_text(package.read_text() + "\nimport sys\nmet = sys.modules.get('wandb.keras')\n")
    python(
        with_shim(folder)
        + """
ours.install()
from wandb.keras import WandbCallback
import sys
package = sys.modules["wandb.integration.keras"]
assert package.met is None, package.met
assert sys.modules["wandb.keras"] is package and package.__spec__.name == "wandb.integration.keras"
""",
        folder,
    )


def test_installing_while_another_thread_imports_the_package(python: Run, planted: Callable[[str], Path]) -> None:
    folder = planted("mid")
    tensorflow_waits_for(folder, "installing")
    python(
        with_shim(folder)
        + """
import sys, threading
importing, installing = threading.Event(), threading.Event()
thread = threading.Thread(target=__import__, args=("wandb.integration.keras",))
thread.start()
assert importing.wait(60)

original = sys.meta_path
class Path(list):
    def __contains__(self, finder):
        installing.set()
        return super().__contains__(finder)
sys.meta_path = Path(original)
ours.install()
thread.join()
import wandb.integration.keras as package
assert package.WandbCallback is package.keras.WandbCallback is ours.WandbCallback
ours.uninstall()
assert package.WandbCallback is vars(package.keras)["WandbCallback"]
assert package.WandbCallback.__module__ == "wandb.integration.keras.keras"
""",
        folder,
    )


def test_uninstalling_while_another_thread_imports_the_package(python: Run, planted: Callable[[str], Path]) -> None:
    folder = planted("mid")
    tensorflow_waits_for(folder, "waiting")
    python(
        with_shim(folder)
        + """
import threading
from wandb_keras_compat import hook
importing, waiting = threading.Event(), threading.Event()
ours.install()
thread = threading.Thread(target=__import__, args=("wandb.integration.keras",))
thread.start()
assert importing.wait(60)

def import_module(name, real=hook.import_module):
    waiting.set()
    return real(name)
hook.import_module = import_module
ours.uninstall()
import wandb.integration.keras as package
assert "WandbMetricsLogger" in vars(package)  # its import had ended when uninstall() returned
thread.join()
assert package.WandbCallback is package.keras.WandbCallback is vars(package)["WandbCallback"]
assert package.WandbCallback.__module__ == "wandb.integration.keras.keras"
""",
        folder,
    )


@pytest.mark.parametrize("family", ["old", "mid"])
def test_functions_of_the_legacy_module_go_on_reading_its_own_names(
    python: Run, planted: Callable[[str], Path], family: str
) -> None:
    """wandb's patched ``fit`` looks for its class at each call, and that class for functions beside it."""
    folder = planted(family)
    python(
        with_shim(folder)
        + """
import wandb.integration.keras.keras as legacy
from wandb.integration.keras.keras import WandbCallback as own, is_dataset as own_function
before = dict(vars(legacy)), type(legacy), dir(legacy)

def check(cls):
    assert legacy.WandbCallback is cls
    assert legacy.is_told(own()) and own().asks() == "wandb's own"
    if cls is not own:
        assert not legacy.is_told(cls())

for _ in range(2):
    ours.install()
    check(ours.WandbCallback)
    assert legacy.is_dataset is not own_function and {"WandbCallback", "is_told"} <= set(dir(legacy))
    ours.uninstall()
    check(own)
    assert (dict(vars(legacy)), type(legacy), dir(legacy)) == before

class Assigned: pass
ours.install()
legacy.WandbCallback = Assigned
assert legacy.WandbCallback is Assigned and legacy.is_told(Assigned())
del legacy.WandbCallback
assert legacy.WandbCallback is ours.WandbCallback
ours.uninstall()
check(own)
ours.install()
from unittest import mock
with mock.patch("wandb.integration.keras.keras.WandbCallback", Assigned):
    assert legacy.WandbCallback is Assigned and legacy.is_told(Assigned())
check(ours.WandbCallback)
ours.uninstall()
check(own)
assert (dict(vars(legacy)), type(legacy), dir(legacy)) == before
""",
        folder,
    )


def test_a_class_asked_for_while_the_hook_is_being_installed(python: Run, planted: Callable[[str], Path]) -> None:
    """Another thread has asked for wandb's class, which gets its patch of Keras, when install() is called."""
    folder = planted("mid")
    python(
        with_shim(folder)
        + """
ours.install()
import tensorflow, wandb.integration.keras as package
ours.uninstall()
class Patches(list):
    def append(self, patched):
        super().append(patched)
        ours.install()
tensorflow.patches = Patches()
own = package.WandbCallback
assert tensorflow.patches == [own] and package.WandbCallback is ours.WandbCallback
ours.uninstall()
for module in (package, package.keras):
    assert vars(module)["WandbCallback"] is own and "__getattr__" not in vars(module)
assert tensorflow.patches == [own]
""",
        folder,
    )


def test_a_name_asked_for_while_it_is_put_back(python: Run, planted: Callable[[str], Path]) -> None:
    """The module's ``__getattr__``, found by a thread that missed the name, and called when the names are back."""
    folder = planted("mid")
    python(
        with_shim(folder)
        + """
import wandb.integration.keras as package
own = package.WandbCallback
ours.install()
late = vars(package)["__getattr__"]
assert late("WandbCallback") is ours.WandbCallback
ours.uninstall()
assert late("WandbCallback") is own
ours.install()
assert late("WandbCallback") is ours.WandbCallback
""",
        folder,
    )
