"""Whether ``keras="tf_keras"`` can be chosen: what is wrong is one sentence with what to do."""

from __future__ import annotations

import sys
from importlib import metadata
from types import SimpleNamespace
from typing import Any

import pytest

from wandb_keras_compat.hook import keras_checks
from wandb_keras_compat.hook.keras_checks import TENSORFLOWS, KerasOptionError, check, installation, version_of


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``process(loaded, tensorflow="2.19.1", …)``: what is loaded and installed; None is not there."""

    def of(
        loaded: dict[str, Any] | None = None, *, backend: str | None = None, there: tuple[str, ...] = ("tensorflow", "tf_keras"),
        **versions: str,
    ) -> None:  # fmt: skip
        for name in ("keras", "tensorflow"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        for name, module in (loaded or {}).items():
            monkeypatch.setitem(sys.modules, name, module)
        monkeypatch.delenv("KERAS_BACKEND", raising=False)
        if backend is not None:
            monkeypatch.setenv("KERAS_BACKEND", backend)
        monkeypatch.setattr(keras_checks, "path_of", lambda name: f"/{name}.py" if name in there else None)
        found = {name.replace("_", "-"): version for name, version in versions.items()}
        monkeypatch.setattr(keras_checks, "version_of", lambda name: found.get(name, ""))

    return of


def said(value: str = "tf_keras", entered: str | None = None) -> str:
    with pytest.raises(KerasOptionError) as raised:
        check(value, entered)
    assert "\n" not in str(raised.value)
    return str(raised.value)


GOOD = {"tensorflow": "2.19.1", "tf_keras": "2.19.0"}


def test_where_all_is_there_and_nothing_is_loaded_it_can_be_chosen(process: Any) -> None:
    process(**GOOD)
    for value in ("tf_keras", "tf_keras:2.2"):
        check(value, None)
    process(backend="tensorflow", **GOOD)
    check("tf_keras", None)


def test_a_value_is_one_of_the_choices_and_one_for_the_whole_process(process: Any) -> None:
    process(**GOOD)
    assert said("keras3") == "keras='keras3': the choices are 'tf_keras', 'tf_keras:2.2'"
    assert said("tf_keras", "tf_keras:2.2").startswith(
        "keras='tf_keras' came after keras='tf_keras:2.2' in one process"
    )
    process({"keras": SimpleNamespace()}, there=())
    check("tf_keras", "tf_keras")  # chosen already, and in use by now


@pytest.mark.parametrize(("backend", "words"), [("jax", "needs Keras 3"), ("theano", "ended with Keras 2.3")])
def test_keras_2_runs_on_tensorflow_alone(process: Any, backend: str, words: str) -> None:
    process(backend=backend, **GOOD)
    assert said().startswith(f"KERAS_BACKEND={backend} {words}")


def test_after_the_first_import_of_keras_3_it_is_too_late(process: Any) -> None:
    process({"keras": SimpleNamespace()}, **GOOD)
    assert "has imported keras already" in said()
    process({"tensorflow": SimpleNamespace()}, **GOOD)
    assert "has imported tensorflow already" in said()
    process({"tensorflow": SimpleNamespace(_tf_uses_legacy_keras=False)}, **GOOD)
    assert "has imported tensorflow already" in said()
    process({"tensorflow": SimpleNamespace(_tf_uses_legacy_keras=True)}, **GOOD)
    check("tf_keras", None)


@pytest.mark.parametrize(
    ("there", "versions", "sentence"),
    [
        ((), {}, "needs TensorFlow, which is not installed: pip install tensorflow tf-keras"),
        (("tensorflow",), {"tensorflow": "2.19.1"}, 'needs the package tf-keras, which is not installed: pip install "tf-keras==2.19.*"'),
        (("tensorflow",), {}, "needs the package tf-keras, which is not installed: pip install tf-keras"),
        (("tensorflow", "tf_keras"), {"tensorflow_cpu": "2.14.1"}, "TensorFlow 2.14.1 has Keras 2 itself"),
        (("tensorflow", "tf_keras"), {"tensorflow": "2.2.0"}, "TensorFlow 2.2.0 has Keras 2 itself"),
        (("tensorflow", "tf_keras"), {"tensorflow": "2.1.0", "tf_keras": "2.1.0"}, "TensorFlow 2.1.0 has Keras 2 itself"),
        (("tensorflow", "tf_keras"), {"tf_nightly": "2.20.0.dev1", "tf_keras": "2.2.0"}, "tf-keras 2.2.0 does not go with TensorFlow 2.20"),
        (("tensorflow", "tf_keras"), {"tensorflow": "2.2", "tf_keras": "2.20.1"}, "TensorFlow 2.2 has Keras 2 itself"),
        (("tensorflow", "tf_keras"), {"tensorflow": "2.19.1", "tf_keras": "2.190.1"}, 'with TensorFlow 2.19: pip install "tf-keras==2.19.*"'),
    ],
)  # fmt: skip
def test_what_is_missing_or_unfit_is_said_with_the_command_that_mends_it(
    process: Any, there: tuple[str, ...], versions: dict[str, str], sentence: str
) -> None:
    process(there=there, **versions)
    assert sentence in installation()
    assert said() == installation()


@pytest.mark.parametrize(
    "versions", [GOOD, {"tensorflow": "2.15.0", "tf_keras": "2.15.1"}, {"tf_keras": "2.15.1"}, {"tensorflow": "2.16.1"}, {}]
)  # fmt: skip
def test_what_goes_together_or_cannot_be_told_is_all_right(process: Any, versions: dict[str, str]) -> None:
    process(**versions)
    assert installation() == ""


@pytest.mark.parametrize("name", TENSORFLOWS)
def test_every_distribution_of_tensorflow_is_known(process: Any, name: str) -> None:
    process(**{name.replace("-", "_"): "2.13.0"})
    assert installation().startswith("TensorFlow 2.13.0 has Keras 2 itself")


def test_a_version_is_that_of_the_distribution_or_nothing() -> None:
    assert version_of("pytest") == metadata.version("pytest")
    assert version_of("no such distribution") == ""
