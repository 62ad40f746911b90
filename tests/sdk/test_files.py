"""A file is published as itself and nothing beside it, whatever its folder is called."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packaging.version import Version

from wandb_keras_compat.sdk import files

NAMES = st.text(st.sampled_from("ab[]*?!-"), min_size=1, max_size=6)


class Run:
    """Does with what ``run.save`` is given what the SDK does: it looks for files that match."""

    def __init__(self) -> None:
        self.saved: list[tuple[list[str], str, str]] = []

    def save(self, pattern: str, base_path: str, policy: str) -> None:
        self.saved.append((glob.glob(pattern), base_path, policy))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NAMES, NAMES, NAMES)
def test_a_file_is_found_by_its_own_name_alone(tmp_path: Path, folder: str, name: str, beside: str) -> None:
    """Signs that mean something in a pattern are names here."""
    place = tmp_path / folder
    place.mkdir(exist_ok=True)
    for each in (name, beside, "a", "b", "ab"):
        (place / each).touch()
    run = Run()
    files.publish_file(run, str(place / name))
    assert run.saved == [([str(place / name)], str(place), "live")]


def test_of_the_wandb_that_links_a_file_to_itself_it_is_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files.versions, "installed", lambda name: {"wandb": Version("0.16.5")}[name])
    (tmp_path / "model-best.h5").touch()
    run = Run()
    files.publish_file(run, str(tmp_path / "model-best.h5"))
    ((found, base, policy),) = run.saved
    assert (found, policy) == ([], "live")
    assert Path(base).parent == tmp_path


@pytest.mark.parametrize("name", ["model-x", "a b", "é/1", "a:b", "x" * 10])
def test_an_artifact_name_has_no_sign_that_it_cannot_have(name: str) -> None:
    safe: Any = files.artifact_name(name)
    assert len(safe) == len(name)
    assert all(sign.isascii() and (sign.isalnum() or sign in "_-.") for sign in safe)
    assert all(one == other for one, other in zip(safe, name) if other.isascii() and other.isalnum())
