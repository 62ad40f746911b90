"""``wandb.init`` of code under test is the recorder's."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import wandb
from wandb.sdk import wandb_init

from wandb_keras_compat.testing.doors.recorder import Recorder
from wandb_keras_compat.testing.doors.recorder.program_init import answers_init

VARIABLES = {
    "WANDB_ENTITY": "E", "WANDB_PROJECT": "P", "WANDB_RUN_ID": "I", "WANDB_NAME": "N", "WANDB_RUN_GROUP": "G",
    "WANDB_JOB_TYPE": "J", "WANDB_NOTES": "O", "WANDB_TAGS": "t,u",
}  # fmt: skip


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    for name in (*VARIABLES, "WANDB_MODE"):
        monkeypatch.delenv(name, raising=False)
    with Recorder() as recorder, answers_init(recorder):
        yield recorder


def begun(recorder: Recorder, **arguments: Any) -> Any:
    """What is seen of a run that the program begins, which says nothing meanwhile."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = wandb.init(**arguments)
    assert wandb.run is run
    return recorder.snapshot().run(run.id)


def test_a_run_from_before_is_not_gone_on_with() -> None:
    """One that another test left open, of a real server perhaps; a second ``wandb.init`` gives the recorder's own."""
    with Recorder() as outer:
        before = outer.start_run()
        with Recorder() as recorder, answers_init(recorder):
            assert wandb.run is None  # which a program asks that begins a run where there is none
            run = wandb.init(config={"a": 1})
            assert run is not before
            assert wandb.init() is run
            wandb.log({"loss": 0.5})
            assert recorder.snapshot().run().history()[0]["loss"] == 0.5
            assert recorder.snapshot().run().config() == {"a": 1}
        assert outer.snapshot().run().history() == []
        assert wandb.run is before


@pytest.mark.parametrize("reinit", [None, False, "default", "return_previous"])
def test_a_second_init_gives_the_run_that_goes_on(recorder: Recorder, reinit: object) -> None:
    run = wandb.init()
    assert wandb.init(project="other", reinit=reinit) is run
    run.finish()
    assert wandb.init(reinit=reinit) is not run
    assert len(recorder.snapshot().runs) == 2


@pytest.mark.parametrize("reinit", [True, "finish_previous", "create_new"])
def test_another_run_begins_where_that_is_asked_for(recorder: Recorder, reinit: object) -> None:
    run = wandb.init()
    assert begun(recorder, reinit=reinit).id != run.id
    assert recorder.snapshot().run(run.id).exit_code == 0


def test_a_run_is_what_the_program_asks_for(recorder: Recorder) -> None:
    seen = begun(
        recorder, entity="e", project="p", id="i", name="n", group="g", job_type="j", notes="o", tags=["t"],
        config={"a": 1}, dir="x", mode="online", force=True, anonymous="allow", save_code=True, magic=False,
        allow_val_change=True, settings=wandb.Settings(console="off"), resume="allow", sync_tensorboard=False,
    )  # fmt: skip
    assert [*recorder.store.runs] == [("e", "p", "i")]
    assert (seen.name, seen.group, seen.job_type, seen.notes, seen.tags) == ("n", "g", "j", "o", ("t",))
    assert seen.config() == {"a": 1}


def test_what_it_does_not_say_is_as_the_variables_say(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    seen = begun(recorder, notes="of its own", group=None)
    assert [*recorder.store.runs] == [("E", "P", "I")]
    assert (seen.name, seen.group, seen.job_type, seen.notes, seen.tags) == ("N", "G", "J", "of its own", ("t", "u"))


def test_an_empty_variable_says_nothing(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "")
    seen = begun(recorder)
    assert (seen.group, seen.job_type, seen.notes, seen.tags) == (None, None, None, ())
    ((entity, project, run_id),) = recorder.store.runs
    assert all((entity, project, run_id))


def test_a_part_of_the_config_may_be_asked_for(recorder: Recorder) -> None:
    config = {"a": 1, "b": 2, "c": 3}
    assert begun(recorder, config=config, config_exclude_keys=["a"]).config() == {"b": 2, "c": 3}
    assert begun(recorder, reinit=True, config=config, config_include_keys=["a"]).config() == {"a": 1}
    assert begun(recorder, reinit=True).config() == {}


def test_a_run_is_resumed_that_is_there_and_not_that_is_not(recorder: Recorder) -> None:
    with pytest.raises(wandb.errors.UsageError, match=r"resume='must' but the run \(a\) does not exist"):
        wandb.init(id="a", resume="must")
    assert recorder.snapshot().runs == ()
    wandb.init(id="a", resume="never").finish()
    with pytest.raises(wandb.errors.UsageError, match=r"resume='never' but the run \(a\) exists"):
        wandb.init(id="a", resume="never")
    for resume in ("must", "allow", True, "auto"):
        wandb.init(id="a", resume=resume).finish()
    assert len(recorder.snapshot().runs) == 1
    wandb.init(id="b", resume="allow").finish()
    assert [run.id for run in recorder.snapshot().runs] == ["a", "b"]


def test_what_it_does_not_do_is_said_by_name_where_the_program_asked_for_it(recorder: Recorder) -> None:
    with pytest.warns(UserWarning, match=r"wandb\.init\(monitor_gym, sync_tensorboard=\.\.\.\)") as said:
        wandb.init(sync_tensorboard=True, monitor_gym=True, mode="offline")
    assert [warning.filename for warning in said] == [__file__], "where the program called it"


@pytest.mark.parametrize("how", ["argument", "variable"])
def test_a_disabled_run_is_what_wandb_gives_for_that(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    if how == "variable":
        monkeypatch.setenv("WANDB_MODE", "disabled")
    run = wandb.init(mode="disabled") if how == "argument" else wandb.init()
    run.log({"a": 1})
    run.finish()
    assert recorder.snapshot().runs == ()


def test_a_mode_that_the_program_names_is_above_the_variable(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANDB_MODE", "disabled")
    assert begun(recorder, mode="online")


def test_arguments_by_place_are_an_error(recorder: Recorder) -> None:
    """Which they are for: wandb's versions have them in different orders."""
    with pytest.raises(TypeError, match="by name"):
        wandb.init("train")
    assert recorder.snapshot().runs == ()


@pytest.mark.parametrize("name", ["Api", "sweep", "agent", "controller"])
def test_what_needs_a_server_is_refused_with_what_has_one(recorder: Recorder, name: str) -> None:
    with pytest.raises(RuntimeError, match=rf"wandb\.{name} asks a server.*wandb_backend"):
        getattr(wandb, name)("x", key="y")


def test_a_login_succeeds_and_asks_nobody(recorder: Recorder) -> None:
    assert wandb.login(key="0" * 40) is True


def test_afterwards_each_name_is_the_real_one() -> None:
    names = [(wandb, name) for name in ("init", "Api", "sweep", "agent", "controller", "login")]
    names += [(wandb.sdk, "init"), (wandb_init, "init")]
    real = [getattr(place, name) for place, name in names]
    with Recorder() as recorder, answers_init(recorder):
        assert all(getattr(place, name) is not own for (place, name), own in zip(names, real))
        run = wandb_init.init()
        assert wandb.sdk.init() is run
    assert [getattr(place, name) for place, name in names] == real
