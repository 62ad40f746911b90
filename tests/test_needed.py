"""What the callbacks need is looked for before anything is imported, and what is missing is the error."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace

import pytest
from packaging.version import Version

from wandb_keras_compat import needed

NO_KERAS = ModuleNotFoundError("no Keras", name="keras")
NO_JAX = ModuleNotFoundError("no JAX", name="jax")


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What is there, which a test changes; at first all is, and no Keras is loaded."""
    found = SimpleNamespace(keras=None, wandb=True, version=Version("0.31.0"), asked=[])

    def installed(name: str) -> Version | None:
        found.asked.append(name)
        if isinstance(found.version, OSError):
            raise found.version
        version: Version | None = found.version
        return version

    monkeypatch.setattr(needed, "what_is_missing", lambda: found.keras)
    monkeypatch.setattr(needed, "wandb_is_there", lambda: found.wandb)
    monkeypatch.setattr(needed.versions, "installed", installed)
    for name in ("keras", "tf_keras"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return found


@pytest.mark.parametrize("version", ["0.13.4", "0.31.0", None])
def test_where_all_is_there_nothing_is_said(there: SimpleNamespace, version: str | None) -> None:
    there.version = version and Version(version)
    needed.check()
    assert there.asked == ["wandb"]


@pytest.mark.parametrize("version", ["0.13.3", "0.12.21", "0.13.4rc1"])
def test_a_wandb_from_before_the_first_is_too_old(there: SimpleNamespace, version: str) -> None:
    there.version = Version(version)
    with pytest.raises(ImportError, match=rf"^wandb {version} is too old .*0\.13\.4") as error:
        needed.check()
    assert error.value.name == "wandb" and not isinstance(error.value, ModuleNotFoundError)


def test_a_version_that_cannot_be_read_stops_nobody(there: SimpleNamespace) -> None:
    there.version = OSError("too many open files")
    needed.check()


@pytest.mark.parametrize("missing", [None, NO_KERAS, NO_JAX])
def test_without_wandb_that_is_the_error_and_keras_is_named_with_it_where_it_lacks_too(
    there: SimpleNamespace, missing: ModuleNotFoundError | None
) -> None:
    there.wandb, there.keras = False, missing
    with pytest.raises(ModuleNotFoundError, match="need" if missing is NO_KERAS else "needs? wandb") as error:
        needed.check()
    assert error.value.name == "wandb"
    assert ("wandb and Keras" in str(error.value)) is (missing is NO_KERAS)


@pytest.mark.parametrize("missing", [NO_KERAS, NO_JAX])
def test_what_keras_lacks_is_the_error(there: SimpleNamespace, missing: ModuleNotFoundError) -> None:
    there.keras = missing
    with pytest.raises(ModuleNotFoundError) as error:
        needed.check()
    assert error.value is missing


@pytest.mark.parametrize("name", ["keras", "tf_keras"])
def test_a_keras_that_is_loaded_has_what_it_computes_with(
    there: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    there.keras = NO_JAX
    monkeypatch.setitem(sys.modules, name, ModuleType(name))
    needed.check()


def loaded(**attributes: object) -> ModuleType:
    module = ModuleType("wandb")
    vars(module).update(attributes)
    return module


@pytest.mark.parametrize(
    ("module", "is_there"),
    [
        (loaded(), False),
        (loaded(__file__=None), False),
        (loaded(__file__="wandb/__init__.py"), True),
        (loaded(__file__=None, init=len), True),
        (loaded(init=len), True),
    ],
)
def test_a_loaded_wandb_is_one_with_a_file_or_what_it_is_for(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, is_there: bool
) -> None:
    monkeypatch.setitem(sys.modules, "wandb", module)
    monkeypatch.setattr(needed, "find_spec", lambda name: pytest.fail("it is loaded"))
    assert needed.wandb_is_there() is is_there


@pytest.mark.parametrize(
    ("spec", "is_there"),
    [
        (None, False),
        (ModuleSpec("wandb", None), False),
        (ModuleSpec("wandb", None, origin="wandb/__init__.py"), True),
    ],
)
def test_a_wandb_that_is_not_loaded_is_one_with_a_file(
    monkeypatch: pytest.MonkeyPatch, spec: ModuleSpec | None, is_there: bool
) -> None:
    """A folder of that name, which runs leave, has none."""
    monkeypatch.delitem(sys.modules, "wandb")
    asked = []
    monkeypatch.setattr(needed, "find_spec", lambda name: [asked.append(name), spec][1])
    assert needed.wandb_is_there() is is_there
    assert asked == ["wandb"]
