"""What the demo trains on, and what it says where something it needs is missing: exactly that, as more could replace it."""

from __future__ import annotations

from pathlib import Path

import pytest

from wandb_keras_compat.commands import demo
from wandb_keras_compat.hook import frameworks


@pytest.mark.parametrize(
    ("backend", "missing", "extras"),
    [
        ("tensorflow", {"sklearn", "keras"}, "[demo]"),
        ("tensorflow", {"tensorflow"}, "[tensorflow]"),
        ("tensorflow", {"sklearn", "tensorflow"}, "[tensorflow,demo]"),
        ("jax", {"tensorflow", "jax"}, "[jax]"),
        ("jax", {"jax", "keras"}, "[jax]"),
        ("torch", {"keras", "sklearn"}, "[torch,demo]"),
    ],
)
def test_only_what_is_missing_is_to_be_installed(
    monkeypatch: pytest.MonkeyPatch, backend: str, missing: set[str], extras: str
) -> None:
    monkeypatch.setattr(demo, "find_spec", lambda name: None if name in missing else object())
    with pytest.raises(demo.DemoError) as raised:
        demo.require_libraries(backend)
    assert f"pip install 'wandb-keras-compat{extras}'" in str(raised.value)
    assert all(name in str(raised.value) for name in missing & demo.needs(backend).keys())


@pytest.mark.parametrize("backend", demo.BACKENDS)
def test_nothing_is_to_be_installed_where_all_is_there(monkeypatch: pytest.MonkeyPatch, backend: str) -> None:
    monkeypatch.setattr(demo, "find_spec", lambda name: object())
    demo.require_libraries(backend)
    assert demo.example_script(backend).is_file()


def test_a_backend_that_cannot_train_is_refused() -> None:
    with pytest.raises(demo.DemoError, match="openvino.*--backend tensorflow, jax, torch"):
        demo.require_libraries("openvino")


@pytest.mark.parametrize(
    ("variable", "file", "installed", "expected"),
    [
        ("jax", "torch", {"tensorflow", "jax", "torch"}, "jax"),
        ("torch", None, {"tensorflow"}, "torch"),  # is said to be missing
        (None, "torch", {"tensorflow", "torch"}, "torch"),
        (None, "tensorflow", {"jax", "torch"}, "jax"),  # the file is Keras' own, with its default
        (None, None, {"torch"}, "torch"),
        (None, None, {"tensorflow", "torch", "jax"}, "tensorflow"),
        (None, None, set(), "tensorflow"),
    ],
)
def test_the_choice_of_the_program_counts_then_what_is_there(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    variable: str | None,
    file: str | None,
    installed: set[str],
    expected: str,
) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    if variable:
        monkeypatch.setenv("KERAS_BACKEND", variable)
    if file:
        (tmp_path / "keras.json").write_text(f'{{"backend": "{file}"}}', encoding="utf-8")
    monkeypatch.setattr(frameworks, "find_spec", lambda name: object() if name in installed else None)
    assert frameworks.present_backend() == expected
