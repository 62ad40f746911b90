"""What plays are drawn from: small pools, so that names and values collide."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from .data import Array, Tensor
from .events import Batch, EpochEnd, Event, FitRaises, NewRun, TestBatch, TrainBegin, Trained, TrainEnd, UserLogs

#: Names of metrics: some that the rules for ``auto`` are about, some that mean something elsewhere.
NAMES = (
    "loss", "val_loss", "accuracy", "val_acc", "mean_acceleration", "fmeasure_2", "val_fmeasure", "auc", "epoch",
    "batch_step", "lr", "learning_rate", "a/b", "epoch/loss", "batch/loss", "with space",
)
#: Numbers, each of which is better than some other one.
NUMBERS = (0.5, 0.25, 1.0, 0.75, 2.0, -1.0, 3, 1e-30, 1e30)
SPECIAL = (0.0, math.nan, math.inf, -math.inf, 0, True)

#: What no single number is.
OTHERS = (
    "text", Tensor([0.5, 1.0]), Array([0.25, 3.0]), {"inner": 0.5}, {"inner": {"deep": Tensor(1.5)}}, [0.5, 1.0],
)
TYPED = (Tensor(0.5), Array(0.25), Tensor(0.0))
SCALARS = (*NUMBERS, *SPECIAL, *TYPED)
ANYTHING = (*NUMBERS * 2, *SPECIAL, *TYPED, *OTHERS)

many = st.integers(20, 40).map(lambda count: {f"m{index}": index / 4 for index in range(count)})


def rarely(draw: Any) -> bool:
    """One time in ten."""
    return bool(draw(st.integers(0, 9)) == 7)


def some_names(draw: Any, at_most: int = 3) -> list[str]:
    """The metrics of one play."""
    return list(draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=at_most, unique=True)))


def logs_of(names: Sequence[str], values: Sequence[Any] = SCALARS) -> st.SearchStrategy[dict[str, Any]]:
    """``logs`` as Keras hands them to a hook: each of *names* is missing at times."""
    missing = object()
    value = st.sampled_from([*values, *[missing] * max(1, len(values) // 8)])
    drawn = st.fixed_dictionaries(dict.fromkeys(names, value))
    return drawn.map(lambda logs: {name: value for name, value in logs.items() if value is not missing})


@st.composite
def trainings(
    draw: Any,
    logs: st.SearchStrategy[Mapping[str, Any] | None],
    *,
    at_most: int = 8,
    batches: bool = True,
    weights: Sequence[int] = (),
    user: st.SearchStrategy[Mapping[str, Any]] | None = None,
    hooks: Sequence[str] = ("on_train_batch_end",),
    new_runs: bool = False,
) -> tuple[Event, ...]:
    """What happens in one program, in an order in which Keras can do it: fits, that end well or not.

    Args:
        logs: of a batch or an epoch.
        at_most: how many events follow the first, which begins a training.
        batches: whether there are batches.
        weights: the numbers of weights to go on to.
        user: what the user logs around.
        hooks: by which a batch may be told.
        new_runs: whether the callback may outlive its run.
    """
    events: list[Event] = [TrainBegin()]
    training, epoch, batch = True, 0, 0
    possible = {
        True: ["epoch", "epoch", "epoch", "epoch", "end", *["batch", "batch", "test"] * batches, "raises"],
        False: ["begin"],
    }
    for kinds in possible.values():
        kinds += ["trained"] * bool(weights) + ["user"] * (user is not None)
    possible[False] += ["new run"] * new_runs
    for _ in range(draw(st.integers(min(2, at_most), at_most))):
        # Keras ends every epoch that it began, unless something raises.
        match draw(st.sampled_from([kind for kind in possible[training] if kind != "end" or batch == 0])):
            case "epoch":
                events.append(EpochEnd(epoch, draw(logs)))
                epoch, batch = epoch + 1, 0
            case "batch":
                events.append(Batch(batch, draw(logs), draw(st.sampled_from(hooks))))
                batch += 1
            case "test":
                events.append(TestBatch(0, draw(logs)))
            case "trained":
                events.append(Trained(draw(st.sampled_from(weights))))
            case "user":
                assert user is not None
                events.append(UserLogs(draw(user), draw(st.booleans())))
            case "begin":
                events.append(TrainBegin())
                training, epoch, batch = True, draw(st.sampled_from([0, 0, 3])), 0
            case "end":
                events.append(TrainEnd())
                training = False
            case "raises":
                events.append(FitRaises())
                training = False
            case "new run":
                events.append(NewRun())
    return tuple(events)
