"""``doctor`` names what is installed, and each thing that is wrong, with what mends it; and nothing that is secret."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from packaging.version import Version

from wandb_keras_compat.cli import main
from wandb_keras_compat.commands import diagnosis, doctor
from wandb_keras_compat.hook.frameworks import chosen_backend

HEALTHY = {"tensorflow": "2.21.0", "keras": "3.15.1", "wandb": "0.31.0"}
LOGGED_IN = {"WANDB_API_KEY": "0123456789" * 4}
Told = Callable[..., diagnosis.Diagnosis]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Told:
    """The diagnosis of an environment with *installed* alone."""

    def tell(installed: dict[str, str], **environment: str) -> diagnosis.Diagnosis:
        monkeypatch.setattr(
            diagnosis, "version_of", lambda name: Version(installed[name]) if name in installed else None
        )
        importable = lambda name: object() if name in {*installed, "tensorflow"} else None
        monkeypatch.setattr(diagnosis.util, "find_spec", importable)
        return diagnosis.diagnose({**LOGGED_IN, **environment}, tmp_path)

    return tell


def test_a_healthy_environment_has_nothing_to_mend(told: Told) -> None:
    found = told(HEALTHY)
    assert found.problems == []
    facts = dict(found.facts)
    assert facts["TensorFlow"] == "tensorflow 2.21.0"
    assert facts["wandb"] == "0.31.0: has no wandb.keras and no WandbCallback"
    assert facts["Keras backend"] == "tensorflow (by the default)"


@pytest.mark.parametrize(
    ("installed", "environment", "word"),
    [
        ({"tensorflow": "2.19.1", "tensorflow-cpu": "2.21.0"}, {}, "pip uninstall -y tensorflow tensorflow-cpu"),
        ({"keras": ""}, {}, "Keras is not installed"),
        ({}, {"KERAS_BACKEND": "jax"}, "pip install jax"),
        ({}, {"KERAS_BACKEND": "torch"}, "pip install torch"),
        ({"tf-keras": "2.19.0"}, {}, 'pip install "tf-keras==2.21.*"'),
        ({}, {"TF_USE_LEGACY_KERAS": "1"}, "pip install tf-keras"),
        ({"wandb": ""}, {}, "pip install wandb"),
        ({}, {"WANDB_API_KEY": ""}, "wandb login"),
    ],
)
def test_each_thing_that_is_wrong_is_said_with_what_mends_it(
    told: Told, installed: dict[str, str], environment: dict[str, str], word: str
) -> None:
    wanted = {name: version for name, version in {**HEALTHY, **installed}.items() if version}
    (problem,) = told(wanted, **environment).problems
    assert word in f"{problem.what} {problem.mend}"


@pytest.mark.parametrize(
    "together", [{"tensorflow": "2.21.0", "tensorflow-intel": "2.21.0"}, {"tensorflow-cpu": "2.10.0"}]
)
def test_one_build_by_way_of_another_is_no_mixture(told: Told, together: dict[str, str]) -> None:
    installed = {name: version for name, version in HEALTHY.items() if name != "tensorflow"} | together
    assert told(installed).problems == []


def test_what_is_not_there_is_a_fact_too(told: Told) -> None:
    facts = dict(told({}).facts)
    absent = ["TensorFlow", "Keras", "tf-keras (Keras 2)", "wandb"]
    assert [facts[name] for name in absent] == ["not installed"] * 4


def test_a_wandb_that_is_too_old_is_said_with_its_version(told: Told) -> None:
    (problem,) = told({**HEALTHY, "wandb": "0.12.21"}).problems
    assert problem.what.startswith("wandb 0.12.21 is too old") and "0.13.4" in problem.mend


@pytest.mark.parametrize(
    ("version", "has"),
    [
        ("0.16.6", "has wandb.keras itself and its own WandbCallback"),
        ("0.17.0", "has no wandb.keras and its own WandbCallback"),
        ("0.27.1", "has no wandb.keras and no WandbCallback"),
    ],
)
def test_what_each_wandb_has_of_the_legacy_class(told: Told, version: str, has: str) -> None:
    assert dict(told({**HEALTHY, "wandb": version}).facts)["wandb"] == f"{version}: {has}"


def test_where_a_run_goes_and_with_whose_key_is_a_fact(told: Told) -> None:
    facts = dict(told(HEALTHY).facts)
    assert facts["W&B login"] == "https://api.wandb.ai: a key in WANDB_API_KEY"
    assert facts["W&B mode"] == "online, unless the program says otherwise"
    facts = dict(told(HEALTHY, WANDB_API_KEY="", WANDB_DISABLED="true", WANDB_BASE_URL="http://x").facts)
    assert facts["W&B login"] == "http://x: no key found"
    assert facts["W&B mode"] == "disabled (by the environment)"
    assert told(HEALTHY, WANDB_API_KEY="", WANDB_DISABLED="true").problems == []


@pytest.mark.parametrize("mode", ["offline", "disabled"])
def test_who_sends_nothing_needs_no_key(told: Told, mode: str) -> None:
    assert told(HEALTHY, WANDB_API_KEY="", WANDB_MODE=mode).problems == []


def test_a_key_is_found_where_wandb_keeps_it_and_never_shown(told: Told, tmp_path: Path) -> None:
    secret = LOGGED_IN["WANDB_API_KEY"]
    (tmp_path / ".netrc").write_text(f"machine api.wandb.ai\n  login user\n  password {secret}\n")
    for environment in ({}, {"WANDB_API_KEY": ""}):
        found = told(HEALTHY, **environment)
        assert found.problems == [] and secret not in repr(found)
    other = told(HEALTHY, WANDB_API_KEY="", WANDB_BASE_URL="https://wandb.example.org")
    assert "wandb.example.org" in other.problems[0].what


def test_what_keras_computes_with_is_asked_as_keras_asks(tmp_path: Path) -> None:
    assert chosen_backend({}, tmp_path) == ("tensorflow", "the default")
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras" / "keras.json").write_text(json.dumps({"backend": "jax"}))
    assert chosen_backend({}, tmp_path)[0] == "jax"
    assert chosen_backend({"KERAS_BACKEND": "torch"}, tmp_path) == ("torch", "KERAS_BACKEND")
    (tmp_path / ".keras" / "keras.json").write_text("{")
    assert chosen_backend({}, tmp_path) == ("tensorflow", "the default")


@pytest.mark.parametrize(
    ("code", "devices", "word"), [("print('one', 'two', sep='\\n')", True, "one, two"), ("1/0", False, "ZeroDivision")]
)
def test_devices_are_asked_in_a_process_of_their_own(
    monkeypatch: pytest.MonkeyPatch, code: str, devices: bool, word: str
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    monkeypatch.setitem(doctor._ASK, "jax", code)
    found = doctor._with_devices(diagnosis.Diagnosis([], []))
    assert bool(found.facts) is devices and bool(found.problems) is not devices
    assert word in repr(found)


def test_the_report_is_text_or_json_and_the_exit_code_says_whether_anything_is_to_be_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded = set(sys.modules)
    problem = diagnosis.Problem("something is wrong", "mend it")
    for problems in ([], [problem]):
        found = diagnosis.Diagnosis([diagnosis.Fact("wandb", "0.31.0")], problems)
        monkeypatch.setattr(doctor, "diagnose", lambda found=found: found)
        text = CliRunner().invoke(main, ["doctor"])
        read: Any = json.loads(CliRunner().invoke(main, ["doctor", "--json"]).stdout)
        assert text.exit_code == len(problems) and "wandb: 0.31.0" in text.stdout
        assert ("1. something is wrong.\n   mend it" in text.stdout) == bool(problems)
        assert read == {"facts": {"wandb": "0.31.0"}, "problems": [each._asdict() for each in problems]}
    assert not {"tensorflow", "keras"} & (set(sys.modules) - loaded)


def test_a_command_that_is_unknown_has_its_nearest_name() -> None:
    ended = CliRunner().invoke(main, ["docter"])
    assert ended.exit_code == 2 and "Did you mean doctor?" in ended.output
    assert "Did you mean" not in CliRunner().invoke(main, ["zzzz"]).output
