"""Where a module of Keras 2 is found in tf_keras, and what is said of one that is gone."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from wandb_keras_compat.hook import keras_finder, keras_names
from wandb_keras_compat.hook.keras_finder import (
    KerasFinder,
    is_public,
    names_in,
    path_of,
    place_of,
    relative,
    sentence_for,
    sources_of,
)
from wandb_keras_compat.hook.loaders import AliasLoader, FollowingLoader

from .keras_standins import plant

pytestmark = pytest.mark.usefixtures("without_the_option")


class Events:
    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def entered(self, name: str, module: ModuleType) -> None:
        self.seen.append(("entered", name))

    def loaded(self, module: ModuleType) -> None:
        self.seen.append(("loaded", module.__name__))


@pytest.fixture
def standins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The stand-in for tf_keras can be imported, and is gone again afterwards."""
    folder = plant(tmp_path / "packages")
    for name in [name for name in sys.modules if name.partition(".")[0] in ("keras", "tf_keras", "tensorflow")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "tf_keras"]:
        del sys.modules[name]


def test_three_roots_stand_for_one_package() -> None:
    for root in ("keras", "tensorflow.keras", "tf_keras.api._v2.keras"):
        assert relative(root) == "" and relative(f"{root}.layers.core") == "layers.core"
    for other in ("keras_tuner", "tensorflow", "tensorflow.keras_x", "tf_keras", "tf_keras.layers", "my.keras"):
        assert relative(other) is None


def test_a_module_is_found_where_it_is_now(standins: Path) -> None:
    assert place_of("") == "tf_keras"
    assert place_of("layers") == "tf_keras.layers"
    assert place_of("utils.np_utils") == "tf_keras.src.utils.np_utils", "below the sources, where it is nowhere else"
    assert place_of("layers.core") == "tf_keras.layers.core", "a view of several"
    assert place_of("optimizer_v2") == "tf_keras.src.optimizers.legacy", "moved"
    assert place_of("optimizer_v2.adam") == "tf_keras.src.optimizers.legacy.adam", "moved with its package"
    assert place_of("optimizer_v2.utils") == "tf_keras.src.optimizers.utils", "moved by itself"
    assert place_of("saving.saved_model.load.x") == "tf_keras.src.saving.legacy.saved_model.load.x"
    assert place_of("no_such_module") is place_of("layers.no_such_module") is place_of("no.such") is None


def test_the_names_that_programs_import_are_in_what_is_no_source() -> None:
    assert is_public("") and is_public("layers.core") and is_public("source")
    assert not any(map(is_public, ("src", "src.layers", "api._v2", "protobuf", "__internal__.x")))


def test_names_are_looked_for_in_the_modules_of_the_table_and_then_below_the_sources() -> None:
    assert sources_of("") == ["src"]
    assert sources_of("losses") == ["src.losses"]
    assert sources_of("backend") == ["src.backend", "src.backend_config"]
    assert sources_of("layers.embeddings") == ["layers"]
    assert sources_of("engine")[:2] == ["layers", "models"] and sources_of("engine")[-1] == "src.engine"
    assert all(below not in sources_of(below) for below in (*keras_names.MODULES, *keras_names.MORE))


def found(finder: KerasFinder, name: str) -> ModuleSpec | None:
    return finder.find_spec(name, None, None)


def test_a_root_has_the_files_of_tf_keras_and_a_module_below_it_is_an_alias(standins: Path) -> None:
    finder = KerasFinder(Events())
    root, below = found(finder, "keras"), found(finder, "tensorflow.keras.layers")
    assert root is not None and below is not None
    assert isinstance(root.loader, AliasLoader) and isinstance(below.loader, AliasLoader)
    assert root.origin == str(standins / "tf_keras" / "__init__.py") == path_of("tf_keras")
    assert root.submodule_search_locations == [str(standins / "tf_keras")]
    assert (below.origin, below.submodule_search_locations) == (None, None)
    assert found(finder, "keras.no_such_module") is None
    assert found(finder, "json") is found(finder, "tf_keras_x") is None


def test_public_modules_of_tf_keras_are_followed_and_its_sources_are_not(standins: Path) -> None:
    finder, real = KerasFinder(Events()), [str(standins / "tf_keras")]
    followed = finder.find_spec("tf_keras.layers", real)
    source = finder.find_spec("tf_keras.src", real)
    itself = finder.find_spec("tf_keras")
    assert followed is not None and source is not None and itself is not None
    assert isinstance(followed.loader, FollowingLoader) and isinstance(itself.loader, FollowingLoader)
    assert not isinstance(source.loader, FollowingLoader)
    assert finder.find_spec("tf_keras.nothing", real) is None
    with pytest.raises(ModuleNotFoundError, match="MirroredStrategy") as raised:
        finder.find_spec("tf_keras.utils.multi_gpu_utils", [])
    assert raised.value.name == "keras.utils.multi_gpu_utils"


def test_a_module_of_several_is_made_and_told(standins: Path) -> None:
    events = Events()
    spec = found(KerasFinder(events), "tf_keras.layers.core")
    assert spec is not None and spec.loader is not None and spec.submodule_search_locations == []
    assert spec.loader.create_module(spec) is None
    module = ModuleType(spec.name)
    spec.loader.exec_module(module)
    assert events.seen == [("entered", "tf_keras.layers.core"), ("loaded", "tf_keras.layers.core")]
    assert module.__doc__ == "keras.layers.core of Keras 2: its names, where tf_keras has them now."


def test_a_program_that_chose_another_backend_is_told(standins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    finder = KerasFinder(Events())
    with pytest.raises(ImportError, match="KERAS_BACKEND=jax needs Keras 3") as raised:
        found(finder, "keras")
    assert raised.value.name == "keras"
    assert found(finder, "tensorflow.keras") is not None
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    assert found(finder, "keras") is not None


@pytest.mark.parametrize(
    ("below", "words"),
    [
        ("layers.Highway", "nothing that means the same as keras.layers.Highway: use a layer of your own"),
        ("legacy", "keras.legacy: use"), ("legacy.layers", "keras.legacy.layers: use"), ("wrappers.scikit_learn", "scikeras"),
        ("layers.core.Highway", "keras.layers.core.Highway: use"), ("utils.multi_gpu_model", "MirroredStrategy"),
        ("ops", "keras.ops exists in Keras 3 only"), ("ops.numpy", "keras.ops.numpy exists in Keras 3 only"),
        ("random", "this program needs Keras 3"),
    ],
)  # fmt: skip
def test_what_is_gone_or_came_later_is_said_with_what_to_do(below: str, words: str) -> None:
    sentence = sentence_for(below)
    assert sentence is not None and words in sentence


@pytest.mark.parametrize("below", ["", "layers", "layers.Dense", "legacy_layers", "layers.Highways", "utils.ops"])
def test_nothing_is_said_of_any_other_name(below: str) -> None:
    assert sentence_for(below) is None


def test_a_module_that_is_gone_is_refused_under_a_name_that_is_not_the_one_asked_for_by_from(standins: Path) -> None:
    finder = KerasFinder(Events())
    with pytest.raises(ModuleNotFoundError, match="scikeras") as raised:
        found(finder, "keras.wrappers")
    assert raised.value.name == "keras.wrappers"


def code_of(module: str, file: str) -> Any:
    """The sentence that a program gets whose code is in *module*, of *file*."""
    space: dict[str, Any] = {"__name__": module, "sentence_for": sentence_for}
    exec(compile("said = sentence_for('ops')", file, "exec"), space)
    return space["said"]


def test_the_package_that_needs_keras_3_is_named() -> None:
    assert "the package keras_nlp.x" not in code_of("keras_nlp.x", "/usr/lib/site-packages/keras_nlp/x.py")
    assert "the package keras_nlp needs Keras 3" in code_of("keras_nlp.x", "/usr/lib/site-packages/keras_nlp/x.py")
    assert "the package keras_cv needs Keras 3" in code_of("keras_cv", "/usr/lib/python3/dist-packages/keras_cv.py")
    assert "the package hypothesis needs" in code_of("hypothesis.x", "/elsewhere/x.py"), "installed to be edited"
    assert "the package wandb_keras_compat" not in code_of("wandb_keras_compat.x", "/elsewhere/x.py"), "asked by us"
    for name in ("my_program", ""):
        assert "this program needs Keras 3" in code_of(name, "/home/train.py")


def test_keras_3_under_its_early_name_is_refused_unless_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    finder = KerasFinder(Events())
    with pytest.raises(ModuleNotFoundError, match="keras_core exists in Keras 3 only") as raised:
        found(finder, "keras_core")
    assert raised.value.name == "keras_core"
    monkeypatch.setattr(PathFinder, "find_spec", lambda *_: ModuleSpec("keras_core", None))
    assert found(finder, "keras_core") is None


def test_public_names_are_each_there_once() -> None:
    modules = [ModuleType("a"), ModuleType("b")]
    vars(modules[0]).update(b=1, _hidden=1)
    vars(modules[1]).update(a=1, b=2)
    assert names_in(modules) == ["a", "b"]
    assert path_of("no_such_module_anywhere") is None
    assert keras_finder.REAL == "tf_keras"
