"""Programs as users write them, with the real class where it works, and with the shim."""

from __future__ import annotations

from typing import Any

import pytest
import wandb

from wandb_keras_compat.parity.ledger import compare, ledger, told
from wandb_keras_compat.parity.seeds import keras, seed
from wandb_keras_compat.parity.state_machine.contestants import made_with, real, shim
from wandb_keras_compat.parity.state_machine.judge import has_real_class
from wandb_keras_compat.parity.terminal import Terminal
from wandb_keras_compat.parity.whole_program_parts import Logged
from wandb_keras_compat.parity.whole_programs import PROGRAMS
from wandb_keras_compat.testing.doors.recorder import Recorder
from wandb_keras_compat.testing.trace.normalize import trace_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def played(name: str, callback: Any) -> tuple[dict[str, Any], str | None]:
    """The trace of a program, and the name of the exception it ended in; the run is called after the ledger's entries."""
    program, died = PROGRAMS[name], None
    keras.backend.clear_session()
    seed(11)
    with Recorder() as recorder:
        recorder.start_run(name=" ".join(["program", *program.ids]))
        with Terminal():
            try:
                program.run(callback)
            except Exception as error:
                died = type(error).__name__
        assert wandb.run is not None
        wandb.run.finish()
        trace = trace_of(recorder.snapshot(), "recorder")
    trace["made_with"] = made_with()
    # What is said, scenarios and plays are about; and which packages happen to be imported, the environment decides.
    trace["blind"] += ["runs[*].terminal", 'runs[*].telemetry["imports_*"]']
    return trace, died


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_logs_what_it_is_to_log(name: str) -> None:
    trace, died = played(name, shim())
    assert (Logged.of(trace), died) == (PROGRAMS[name].logged, None)
    if not has_real_class():
        return
    old, died = played(name, real())
    assert died == PROGRAMS[name].dies
    found = compare(old, trace, ledger())
    assert not found, told(found)
    assert set(PROGRAMS[name].ids) <= set(found.known)
