"""Which versions are installed, as messages and decisions read them; the installed metadata is the test's."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import metadata
from types import ModuleType

import pytest
from packaging.version import Version

from wandb_keras_compat import versions

Installed = Callable[..., None]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Installed]:
    """``installed({distribution: version})``: these, and no framework is loaded; None cannot be read."""

    def have(there: Mapping[str, str | None]) -> None:
        def version(distribution: str) -> str:
            if distribution not in there:
                raise metadata.PackageNotFoundError(distribution)
            if there[distribution] is None:
                raise OSError("too many open files")
            return str(there[distribution])

        monkeypatch.setattr(versions.metadata, "version", version)
        versions.installed.cache_clear()

    monkeypatch.delenv("TF_USE_LEGACY_KERAS", raising=False)
    for name in ("jax", "torch"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield have
    versions.installed.cache_clear()


ALL = {"tensorflow": "2.21.0", "keras": "3.15.1", "tf-keras": "2.21.0", "wandb": "0.31.0"}
PYTHON = f"Python {sys.version_info[0]}.{sys.version_info[1]}.{sys.version_info[2]}"


@pytest.mark.parametrize(
    ("package", "there", "version"),
    [
        ("wandb", {"wandb": "0.31.0"}, "0.31.0"),
        ("wandb", {}, None),
        ("wandb", {"wandb": "no version"}, None),
        ("tensorflow", {"tensorflow-cpu": "2.10.0"}, "2.10.0"),
        ("tensorflow", {"tf-nightly": "2.22.0.dev1", "tensorflow-macos": "2.9"}, "2.9"),
        ("tensorflow", {"tensorflow": "2.21.0", "tensorflow-cpu": "2.20.0"}, "2.21.0"),
        ("tensorflow", {"tensorflow": "unreadable", "tensorflow-cpu": "2.20.0"}, "2.20.0"),
        ("keras", {"keras-nightly": "3.16.0"}, "3.16.0"),
        ("keras", {"tf-keras": "2.21.0"}, None),
        ("any other", {"any other": "1.0"}, "1.0"),
    ],
)
def test_a_package_has_the_version_of_the_first_distribution_that_says_one(
    installed: Installed, package: str, there: Mapping[str, str], version: str | None
) -> None:
    installed(there)
    assert versions.installed(package) == (version and Version(version))


def test_python_is_the_one_that_runs(installed: Installed) -> None:
    installed({"python": "1.0"})
    assert f"Python {versions.installed('python')}" == PYTHON


def test_metadata_that_cannot_be_read_is_an_error_and_asked_for_again(installed: Installed) -> None:
    installed({"wandb": None})
    with pytest.raises(OSError, match="open files"):
        versions.installed("wandb")
    installed({"wandb": "0.31.0"})
    assert versions.installed("wandb") == Version("0.31.0")


def test_the_minor_of_a_loaded_package_is_what_it_says() -> None:
    module = ModuleType("keras")
    vars(module)["__version__"] = "3.15.1.dev2"
    assert versions.minor(module) == (3, 15)


@pytest.mark.parametrize(("value", "asked"), [("1", True), ("True", True), ("true", True), ("0", False), ("", False)])
def test_tf_keras_is_meant_where_that_is_asked_for_and_there(
    installed: Installed, monkeypatch: pytest.MonkeyPatch, value: str, asked: bool
) -> None:
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", value)
    installed({**ALL, "tf-keras": "2.19.0"})
    assert versions.legacy_keras_requested() is asked
    assert (versions.keras_package(), versions.keras_version()) == (
        ("tf-keras", "2.19.0") if asked else ("keras", "3.15.1")
    )
    installed({"keras": "3.15.1"})
    assert (versions.keras_package(), versions.keras_version()) == ("keras", "3.15.1")


def test_without_the_variable_it_is_not_asked_for(installed: Installed) -> None:
    installed(ALL)
    assert not versions.legacy_keras_requested()
    assert versions.keras_package() == "keras"


def test_a_bug_report_names_what_is_there(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    installed({**ALL, "jax": "0.4.30", "torch": "2.3.0"})
    assert versions.describe() == f"TensorFlow 2.21.0, Keras 3.15.1, wandb 0.31.0, {PYTHON}"
    assert versions.describe("torch") == f"TensorFlow 2.21.0, PyTorch 2.3.0, Keras 3.15.1, wandb 0.31.0, {PYTHON}"
    monkeypatch.setitem(sys.modules, "jax", ModuleType("jax"))
    assert versions.describe() == f"TensorFlow 2.21.0, JAX 0.4.30, Keras 3.15.1, wandb 0.31.0, {PYTHON}"
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", "1")
    assert "tf-keras 2.21.0, wandb" in versions.describe() and "Keras 3" not in versions.describe()


def test_a_bug_report_names_what_is_missing_but_for_a_tensorflow_that_nobody_needs(installed: Installed) -> None:
    installed({})
    assert versions.describe() == (f"TensorFlow not installed, Keras not installed, wandb not installed, {PYTHON}")
    installed({"jax": "0.4.30", "keras": "3.15.1", "wandb": "0.31.0"})
    assert versions.describe("jax") == f"JAX 0.4.30, Keras 3.15.1, wandb 0.31.0, {PYTHON}"


def test_a_bug_report_is_made_though_nothing_can_be_read(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", "1")
    installed(dict.fromkeys(ALL))
    unread = "of a version that cannot be read"
    assert versions.describe() == f"TensorFlow {unread}, Keras {unread}, wandb {unread}, {PYTHON}"
