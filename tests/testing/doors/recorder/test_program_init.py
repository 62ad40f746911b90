"""``wandb.init`` of code under test is the recorder's."""

from __future__ import annotations

import wandb

from wandb_keras_compat.testing.doors.recorder import Recorder
from wandb_keras_compat.testing.doors.recorder.program_init import answers_init


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
