"""Of plays that were drawn, what the program said is what is recorded, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compat_matrix import property_tests
from compat_matrix.axes import Matrix
from wandb_keras_compat.parity.check import process, retry
from wandb_keras_compat.parity.check.cell_environment import CellEnvironment
from wandb_keras_compat.parity.check.judge import Verdict
from wandb_keras_compat.parity.check.process import ProcessResult, TimeLimits
from wandb_keras_compat.parity.state_machine import agreed
from wandb_keras_compat.parity.state_machine.agreed import names_in

from .conftest import CELL

NOISE = "wandb: Adding directory to artifact (files/model-best)... Done. 0.0s\nkey '_wandb' has no 'value' attribute\n"
DISAGREED = f"""{NOISE}Traceback (most recent call last):
  File "lib/python3.10/runpy.py", line 196, in _run_module_as_main
    return _run_code(code, main_globals, None,
  File "src/wandb_keras_compat/parity/state_machine/judge.py", line 92, in _as_modelled
    raise Disagreement(_told(play, at, who, "the model", lines))
wandb_keras_compat.parity.state_machine.judge.Disagreement: the shim and the model differ after event 1
the events:
  WandbCallback(monitor='loss')
  0: TrainBegin()
  1: EpochEnd(epoch=0, logs={{'loss': 0.5}})    <-- here
by path, the shim | the model:
  runs[0].history[0].loss: 0.5 | 0.25
  runs[0].history[1].loss: 0.5 | 0.125
Failing test case: judged(
    play=Play(arguments={{'monitor': 'loss'}},
     events=(TrainBegin(),),
     resumed=None),
)

You can reproduce this test case by temporarily adding @reproduce_failure('6.168.5', b'AXic') as a decorator
"""
DIED = f"""{NOISE}Traceback (most recent call last):
  File "src/wandb_keras_compat/parity/state_machine/contestants.py", line 9, in played
    from keras.engine import training
ModuleNotFoundError: No module named 'keras.engine'
Failing test case: judged(
    play=Play(error=ValueError('not this one'),
ValueError: nor this),
)

You can reproduce this test case by temporarily adding @reproduce_failure('6.168.5', b'AXic') as a decorator
{NOISE}"""


@given(
    st.lists(st.tuples(st.sampled_from(["best", "metrics", "joint"]), st.integers(0, 9999), st.floats(0, 9e9))),
    st.sampled_from(["", NOISE, "best: nothing agreed in 3 s\n", "best: agreed in 3.0 s\n"]),
)
def test_the_line_is_read_as_it_is_written(printed: list[tuple[str, int, float]], noise: str) -> None:
    text = noise + "".join(f"{agreed.line(*item)}\n{noise}" for item in printed)
    assert names_in(text) == [name for name, *_ in printed]


def test_a_disagreement_is_told_with_its_events_both_values_and_how_to_see_it_again() -> None:
    verdict = property_tests.failure_of("metrics", ProcessResult(1, "", DISAGREED))
    assert verdict.how == "the shim and the model differ after event 1: runs[0].history[0].loss: 0.5 | 0.25"
    for needed in ("<-- here", "history[1].loss: 0.5 | 0.125", "@reproduce_failure('6.168.5', b'AXic')"):
        assert needed in verdict.traceback
    for noise in ("Adding directory", "Failing test case", "Play(", "runpy.py"):
        assert noise not in verdict.traceback


def test_another_end_of_a_play_is_told_by_what_was_raised() -> None:
    verdict = property_tests.failure_of("metrics", ProcessResult(1, "", DIED))
    assert verdict.how == "the process ended with 1: ModuleNotFoundError: No module named 'keras.engine'"
    assert verdict.traceback.startswith("Traceback") and "@reproduce_failure" in verdict.traceback
    assert "Adding directory" not in verdict.traceback and "not this one" not in verdict.traceback


def test_the_end_of_a_process_that_says_nothing_of_plays_is_told_as_everywhere() -> None:
    for ended in (
        ProcessResult(-11, "", "Fatal Python error"),
        ProcessResult(-9, "", DISAGREED, "nothing happened for 2 s"),
    ):
        assert property_tests.failure_of("metrics", ended).how == retry.failure_of("metrics", ended).how


def test_a_process_that_ends_well_and_says_nothing_is_a_mistake_of_the_matrix() -> None:
    for failure_of in (property_tests.failure_of, retry.failure_of):
        verdict = failure_of("metrics", ProcessResult(0, "metrics went fine", ""))
        assert "a mistake of the matrix itself" in verdict.how and verdict.traceback == "metrics went fine"


def test_plays_that_disagree_say_nothing_of_the_next_property() -> None:
    names = [f"property{number}" for number in range(6)]

    def attempt(left: Sequence[str]) -> ProcessResult:
        return ProcessResult(1, "", DISAGREED.replace("history[0].loss", left[0]))

    def nothing(name: str) -> Verdict | None:
        return None

    found = list(
        retry.each(names, attempt, nothing, TimeLimits(60, 60), property_tests.failure_of, property_tests.play_failed)
    )
    assert [verdict.what for verdict in found] == names
    assert all(verdict.what in verdict.how for verdict in found)


@pytest.mark.parametrize("agreeing", [0, 3, None], ids=["none", "three", "all"])
def test_what_agreed_behind_the_scenarios_is_not_played_again_and_the_rest_is(
    matrix: Matrix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, agreeing: int | None
) -> None:
    """In a process of its own, which says of what disagrees there what it is."""
    drawn = property_tests.DrawnPlays(matrix, tmp_path)
    names, first = drawn.names, drawn.names[:agreeing]
    left, started = [name for name in names if name not in first], []

    def run(command: Sequence[str], *_: object) -> ProcessResult:
        started.append(command[3 : command.index("--examples")])
        return ProcessResult(1, "".join(f"{agreed.line(name, 6, 1)}\n" for name in left[:-1]), DISAGREED)

    monkeypatch.setattr(process, "run", run)
    place = CellEnvironment(CELL, tmp_path, tmp_path, tmp_path, TimeLimits(60, 60))
    found = property_tests.verdicts(drawn, place, NOISE + "".join(f"{agreed.line(name, 6, 1)}\n" for name in first))
    assert {verdict.what for verdict in found} == {property_tests.plays_of(matrix, name) for name in names}
    assert len(found) == len(names)
    assert started == ([left] if left else [])
    failed = [verdict.what for verdict in found if verdict.how]
    assert failed == [property_tests.plays_of(matrix, name) for name in left[-1:]]
