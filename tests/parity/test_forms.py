"""The form in which a program is written changes nothing that is logged: scenario by scenario, and of drawn ones."""

from __future__ import annotations

import dataclasses
import importlib.util
import inspect
import re
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from wandb_keras_compat.backends import running_fit
from wandb_keras_compat.parity import forms, play, scripts
from wandb_keras_compat.parity.forms import DECLARED, FORMS, USUAL, Arguments, Form, Makers
from wandb_keras_compat.parity.ledger import compare, told
from wandb_keras_compat.parity.programs import PROGRAMS
from wandb_keras_compat.parity.scenarios import IMAGES_OF_FIT, MASKS_OF_FIT, SCENARIOS, TABLE_OF_FIT, Of, Scenario
from wandb_keras_compat.parity.state_machine.properties import PROFILE

from . import property_tests
from .conftest import Played

pytestmark = pytest.mark.timeout(1200)

OTHERS = [form for form in FORMS if form != USUAL]
PAIRS = [
    pytest.param(form, name, marks=[] if name in property_tests.share(form) else pytest.mark.whole, id=f"{form}-{name}")
    for form in OTHERS
    for name in property_tests.all_in(form)
]


@pytest.mark.parametrize(("form", "name"), PAIRS)
def test_the_form_changes_nothing(form: str, name: str, played: Played) -> None:
    if form == "notebook" and importlib.util.find_spec("IPython") is None:
        pytest.skip("a notebook is run by IPython, which is not installed")
    found = compare(played("shim", name), played("shim", name, form))
    assert not found, told(found)


# --- drawn scenarios ------------------------------------------------------------------------------------------------------

#: By the kind of its data, models that a drawn scenario trains.
_DRAWABLE = ("classifier", "color_classifier", "segmenter", "autoencoder", "binary")
_OTHERS = ("dense", "branching", "two_outputs", "subclassed", "batch_norm", "lstm")
_PARTS: dict[str, dict[str, Any]] = {
    "images": IMAGES_OF_FIT, "masks": MASKS_OF_FIT, "pictures": {"output_type": "image"}, "table": TABLE_OF_FIT,
    "own images": {"input_type": "image", "validation_data": Of("arrays")},
    "weights": {"log_weights": True}, "graph": {"save_graph": True}, "flops": {"compute_flops": True},
    "batches": {"log_batch_frequency": 2}, "best": {"monitor": "loss", "mode": "min", "verbose": 1},
}  # fmt: skip
_OF_IMAGES = {"images": _DRAWABLE, "masks": ("segmenter",), "pictures": ("autoencoder",), "own images": _DRAWABLE}
_PLAIN = (
    "one_fit",
    "two_callbacks",
    "user_logs",
    "subclass_hooks",
    "a_new_run",
    "stops_midway",
    "learning_rate_schedule",
)


@st.composite
def scenarios(draw: Any) -> Scenario:
    """Any model with any of what can be logged of it, and any form of data in ``fit``."""
    model = draw(st.sampled_from(_DRAWABLE * 2 + _OTHERS))
    can = [part for part in _PARTS if model in _OF_IMAGES.get(part, (model,))]
    arguments: dict[str, Any] = {"save_model": False, "save_graph": False}
    for part in draw(st.lists(st.sampled_from(can), min_size=1, max_size=3, unique=True)):
        arguments |= _PARTS[part]
    assume(model != "two_outputs" or not arguments.get("log_evaluation"))
    validation = draw(st.sampled_from(["arrays", "weighted", "dataset", "sequence", None]))
    # A weight for each sample is none for each pixel: Keras refuses that before any callback is called.
    assume(validation != "weighted" or model not in ("autoencoder", "segmenter"))
    split = {"validation_split": 0.25} if validation is None and draw(st.booleans()) else {}
    return Scenario(
        model, arguments, validation=validation, fit=split, program=draw(st.sampled_from(_PLAIN)),
        epochs=draw(st.integers(1, 2)), by_position=validation is not None and draw(st.booleans()),
    )  # fmt: skip


def _differ(scenario: Scenario, form: str) -> str:
    one, other = (play.trained("drawn", scenario, "shim", each) for each in (USUAL, form))
    assert [one[1], other[1]] == [None, None], (one[1], other[1])
    found = compare(one[0], other[0])
    return told(found) if found else ""


def _property(examples: int) -> Any:
    wide = settings(max_examples=examples, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))

    @wide
    @given(scenarios(), st.sampled_from([form for form in DECLARED if form != USUAL]))
    def alike(scenario: Scenario, form: str) -> None:
        assert not (differences := _differ(scenario, form)), differences

    return alike


@pytest.mark.slow
def test_drawn_scenarios_log_the_same_in_every_form() -> None:
    _property(PROFILE.max_examples // 10)()


@pytest.mark.whole
def test_many_drawn_scenarios_log_the_same_in_every_form() -> None:
    _property(PROFILE.max_examples)()


# --- the judge ---------------------------------------------------------------------------------------------------------------


def _too_short(model: Any, given: Arguments, makers: Makers) -> None:
    """The last epoch is lost."""
    FORMS["inline"].fit(model, dataclasses.replace(given, named={**given.named, "epochs": 1}), makers)


def _without(model: Any, given: Arguments, makers: Makers) -> None:
    for make in makers:
        make()
    FORMS["inline"].fit(model, given, [])


def _without_data(model: Any, given: Arguments, makers: Makers) -> None:
    """As a ``fit`` wrapped a call too late has it: trained alike, and nothing to draw."""
    with mock.patch.object(running_fit, "_frame_of_fit", lambda model: None):
        FORMS["inline"].fit(model, given, makers)


@pytest.mark.slow
def test_a_form_that_loses_something_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = Scenario("classifier", IMAGES_OF_FIT)
    whole, _ = play.trained("drawn", scenario, "shim")
    for fit in (_too_short, _without, _without_data):
        monkeypatch.setitem(FORMS, "lossy", Form("loses something", fit))
        lossy, ended = play.trained("drawn", scenario, "shim", "lossy")
        assert ended is None and compare(whole, lossy), fit.__name__


def test_what_is_not_played_in_a_form_says_why() -> None:
    """A scenario is left out only where its program makes the callback itself, or starts processes."""
    ready = {name for name, program in PROGRAMS.items() if ".callback()()" in _source(program)}
    assert {name for name, scenario in SCENARIOS.items() if scenario.only} == {
        name for name, scenario in SCENARIOS.items() if scenario.program in ready
    }
    assert {name for name, scenario in SCENARIOS.items() if scenario.not_written} == {"two_workers"}


def _source(program: Any) -> str:
    return inspect.getsource(program)


@pytest.mark.parametrize("name", property_tests.all_in("run"))
def test_a_script_is_what_a_user_writes(name: str) -> None:
    """Nothing of this suite but the model and its data, and fit is looked up before the callback is made."""
    text = scripts.script(name, SCENARIOS[name])
    compile(text, name, "exec")
    assert not {"training", "compat"} & set(re.split(r"\W+", text))
    if not SCENARIOS[name].only:
        assert all("WandbCallback(" in line or "Mine(" in line for line in text.splitlines() if "model.fit(" in line)


def test_each_form_is_told_and_has_a_share() -> None:
    assert set(property_tests.SHARES) == set(OTHERS) and all(form.says for form in forms.FORMS.values())
    assert all(len(set(property_tests.share(form))) == sum(property_tests.SHARES[form]) for form in OTHERS)
