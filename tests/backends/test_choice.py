"""Which Keras a program uses: what it has loaded, else what it has chosen; and what is said where that cannot work."""

from __future__ import annotations

import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from wandb_keras_compat.backends import families
from wandb_keras_compat.features import REGISTRY
from wandb_keras_compat.testing.child_environment import inherited_environment

from .conftest import FRAMEWORK, beside_tensorflow

SOURCE = Path(__file__).parents[2] / "src"


def keras_on(framework: str, version: str = "3.15.1") -> Any:
    """As much of a loaded Keras 3 as is looked at."""
    config = types.SimpleNamespace(backend=lambda: framework)
    return types.SimpleNamespace(config=config, Operation=object, Model=type("Model", (), {}), __version__=version)


KERAS_2 = types.SimpleNamespace(Model=type("Model", (), {}), __version__="2.15.0")


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``process(loaded=…, installed=…, **environment)``: what is loaded and installed in a process that there is not."""

    def of(
        loaded: dict[str, Any], installed: tuple[str, ...], keras: str | None = "3.15.1", **environment: str
    ) -> None:
        for name in ("keras", "tf_keras", "tensorflow", "jax", "torch"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        for name, module in loaded.items():
            monkeypatch.setitem(sys.modules, name, module)
        for name in ("KERAS_BACKEND", "TF_USE_LEGACY_KERAS", "KERAS_HOME"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("KERAS_HOME", "no folder of this name")
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(families, "installed", lambda _: None if keras is None else Version(keras))
        monkeypatch.setattr(families, "_there", lambda name: name in installed)
        monkeypatch.setattr(families, "import_module", lambda name: {**imported, **loaded}[name])

    imported = {name: keras_on(name) for name in ("jax", "torch", "numpy")}
    imported["tensorflow"] = types.SimpleNamespace(keras=keras_on("tensorflow"))
    return of


@pytest.mark.parametrize("framework", ["jax", "torch"])
@pytest.mark.parametrize("beside", [{}, {"tensorflow": types.SimpleNamespace(keras=keras_on("tensorflow"))}])
def test_a_loaded_keras_decides_whatever_else_is_there(process: Any, framework: str, beside: dict[str, Any]) -> None:
    own = keras_on(framework)
    process({"keras": own, **beside}, ("keras", "tensorflow", "jax", "torch"))
    assert families.program_keras() is own
    assert families.loaded_families() == [own], "tf.keras may not even be asked for: it is loaded when it is"


def test_where_nothing_is_loaded_the_choice_of_the_program_counts(process: Any, tmp_path: Path) -> None:
    own = keras_on("jax")
    everything = ("keras", "tensorflow", "jax", "torch")
    process({}, everything, KERAS_BACKEND="jax")
    assert families.chosen_framework() == "jax"
    process({}, everything)
    assert families.program_keras() is families.import_module("tensorflow").keras
    (tmp_path / "keras.json").write_text('{"backend": "torch"}', encoding="utf-8")
    process({}, everything, KERAS_HOME=str(tmp_path))
    assert families.chosen_framework() == "torch"
    process({}, everything, keras="2.15.0", KERAS_BACKEND="jax")
    assert families.chosen_framework() == "tensorflow", "Keras 2 has no other"
    process({"keras": own, "tf_keras": KERAS_2, "tensorflow": types.SimpleNamespace(keras=KERAS_2)}, everything)
    assert families.program_keras() is own
    legacy = {"keras": own, "tf_keras": KERAS_2, "tensorflow": types.SimpleNamespace(keras=KERAS_2)}
    process(legacy, everything, TF_USE_LEGACY_KERAS="1", KERAS_BACKEND="jax")
    assert families.program_keras() is KERAS_2


@pytest.mark.parametrize(
    ("installed", "keras", "environment", "error", "sentence"),
    [
        ((), None, {}, ModuleNotFoundError, "pip install tensorflow, or pip install keras jax and set"),
        (("keras",), "3.15.1", {}, ModuleNotFoundError, "TensorFlow, .*not installed: pip install tensorflow"),
        (("keras", "jax"), "3.15.1", {}, ModuleNotFoundError, "pip install tensorflow, or set KERAS_BACKEND=jax"),
        (("keras", "tensorflow"), "3.15.1", {"KERAS_BACKEND": "jax"}, ModuleNotFoundError, "JAX, .*: pip install jax"),
        (("keras",), "3.15.1", {"KERAS_BACKEND": "torch"}, ModuleNotFoundError, "PyTorch, .*: pip install torch"),
    ],
)
def test_what_is_missing_is_said_with_the_command_that_installs_it(
    process: Any, installed: Any, keras: Any, environment: Any, error: Any, sentence: str
) -> None:
    process({}, installed, keras, **environment)
    with pytest.raises(error, match=sentence) as raised:
        families.program_keras()
    assert "\n" not in str(raised.value)


def test_a_keras_that_is_too_old_or_cannot_train_is_refused(process: Any) -> None:
    process({"keras": keras_on("jax", "3.2.1")}, ("keras", "jax"))
    with pytest.raises(ImportError, match=r"Keras 3\.2\.1 on JAX is too old .* pip install 'keras>=3\.3'") as too_old:
        families.program_keras()
    process({"keras": keras_on("numpy")}, ("keras",))
    with pytest.raises(ImportError, match="backend numpy, which does not train") as cannot_train:
        families.callback_base()
    assert too_old.value.name == cannot_train.value.name == "keras"


def test_the_model_decides_between_two_that_are_loaded(process: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    on_jax = keras_on("jax")
    process({"keras": on_jax, "tf_keras": KERAS_2, "tensorflow": types.SimpleNamespace(keras=on_jax)}, ("keras",))
    monkeypatch.setattr(families, "_backend_for", lambda keras: keras)
    assert families.backend_of(on_jax.Model()) is on_jax
    assert families.backend_of(KERAS_2.Model()) is KERAS_2
    assert families.backend_of(None) is on_jax


def test_the_keras_of_tensorflow_comes_first_among_those_that_are_loaded(process: Any) -> None:
    of_tensorflow, beside = keras_on("tensorflow"), types.SimpleNamespace(Model=type("Model", (), {}))
    without_models = types.SimpleNamespace(Operation=object, config=of_tensorflow.config)
    process({"tf_keras": beside, "tensorflow": types.SimpleNamespace(keras=of_tensorflow)}, ())
    assert families.loaded_families() == [of_tensorflow, beside]
    process({"keras": of_tensorflow, "tensorflow": types.SimpleNamespace(keras=of_tensorflow)}, ())
    assert families.loaded_families() == [of_tensorflow], "each once"
    process({"keras": without_models, "tf_keras": beside}, ())
    assert families.loaded_families() == [beside]


def test_keras_3_is_told_by_its_operations() -> None:
    found = [
        families.is_keras_3(types.SimpleNamespace(**{name: object})) for name in ("Operation", "ops", "optimizers")
    ]
    assert found == [True, True, False]


def test_keras_2_and_keras_3_on_tensorflow_have_a_backend_each() -> None:
    pytest.importorskip("tensorflow", reason="what is tested is on TensorFlow")
    own = keras_on("tensorflow")
    backends: Any = families._backend_for(KERAS_2), families._backend_for(own)
    assert [type(backend).__name__ for backend in backends] == ["Keras2", "Keras3"]
    assert [backend._keras for backend in backends] == [KERAS_2, own]


@beside_tensorflow
def test_a_program_gets_no_framework_that_it_does_not_use() -> None:
    code = (
        "import sys, wandb_keras_compat\n"
        "assert not {'keras', 'numpy', 'wandb'} & set(sys.modules)\n"
        "from wandb_keras_compat import WandbCallback, WandbMetricsLogger, WandbModelCheckpoint, WandbEvalCallback\n"
        "from wandb_keras_compat import WandbGradientsLogger, WandbFlopsLogger\n"
        "print(*sorted({'tensorflow', 'jax', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=inherited_environment(path=[SOURCE]) | {"KERAS_BACKEND": FRAMEWORK},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == [FRAMEWORK]


@beside_tensorflow
def test_the_old_imports_work_under_the_hook() -> None:
    code = (
        "import sys, wandb_keras_compat; wandb_keras_compat.install()\n"
        "import wandb\n"
        "from wandb.keras import WandbCallback\n"
        "from wandb.integration.keras import WandbMetricsLogger\n"
        "assert wandb.keras.WandbCallback is WandbCallback is wandb_keras_compat.WandbCallback\n"
        "assert WandbMetricsLogger is wandb_keras_compat.WandbMetricsLogger\n"
        "assert 'tensorflow' not in sys.modules"
    )
    environment = inherited_environment(path=[SOURCE]) | {"KERAS_BACKEND": FRAMEWORK}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


def test_wandbs_package_can_be_imported_under_the_hook_where_tensorflow_is_not() -> None:
    code = (
        "import sys, wandb_keras_compat; sys.modules['tensorflow'] = None\n"
        "wandb_keras_compat.install()\n"
        "import wandb.integration.keras as package\n"
        "assert 'WandbCallback' in dir(package) and 'WandbCallback' not in vars(package)\n"
    )
    subprocess.run([sys.executable, "-c", code], env=inherited_environment(path=[SOURCE]), check=True)


def test_the_table_of_capabilities_is_that_of_the_features() -> None:
    from wandb_keras_compat.backends import capabilities

    assert (*(entry.name for entry in REGISTRY), "several workers") == capabilities.CAPABILITIES
    declared = {hole.capability for holes in capabilities.BACKENDS.values() for hole in holes}
    assert declared <= set(capabilities.CAPABILITIES)
    lines = capabilities.table().splitlines()
    assert lines[0] == "| capability | TensorFlow | JAX | PyTorch |"
    assert "| checkpoint | yes | but [1] | but [2] |" in lines
    assert len(lines) == 2 + len(capabilities.CAPABILITIES) + 1 + 3
