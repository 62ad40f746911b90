"""What plays are drawn from: small pools, so that names and values collide."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from .data import Array, Tensor
from .drawing import st
from .events import Batch, EpochEnd, Event, FitRaises, NewRun, TestBatch, TrainBegin, Trained, TrainEnd, UserLogs

#: Names of metrics: some that the rules for ``auto`` are about, some that mean something elsewhere.
NAMES = (
    "loss",
    "val_loss",
    "accuracy",
    "val_acc",
    "mean_acceleration",
    "fmeasure_2",
    "val_fmeasure",
    "auc",
    "epoch",
    "batch_step",
    "lr",
    "learning_rate",
    "a/b",
    "epoch/loss",
    "batch/loss",
    "with space",
)
#: Numbers, each of which is better than some other one.
NUMBERS = (0.5, 0.25, 1.0, 0.75, 2.0, -1.0, 3, 1e-30, 1e30)
SPECIAL = (0.0, math.nan, math.inf, -math.inf, 0, True)

#: What no single number is.
OTHERS = (
    "text",
    Tensor([0.5, 1.0]),
    Array([0.25, 3.0]),
    {"inner": 0.5},
    {"inner": {"deep": Tensor(1.5)}},
    [0.5, 1.0],
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
    epochs: int = 3,
    batches: int = 2,
    weights: Sequence[int] = (),
    user: st.SearchStrategy[Mapping[str, Any]] | None = None,
    hooks: Sequence[str] = ("on_train_batch_end",),
    new_runs: bool = False,
) -> tuple[Event, ...]:
    """What happens in one program, in an order in which Keras can do it: one fit or two, that end well or not.

    Args:
        logs: of a batch or an epoch.
        epochs: how many a fit has at most.
        batches: how many an epoch has at most; Keras does not always tell of them.
        weights: the numbers of weights to go on to.
        user: what the user logs around.
        hooks: by which a batch may be told.
        new_runs: whether the callback may outlive its run.
    """
    events: list[Event] = []

    def around() -> None:
        if weights and draw(st.booleans()):
            events.append(Trained(draw(st.sampled_from(weights))))
        if user is not None and draw(st.integers(0, 3)) == 3:
            events.append(UserLogs(draw(user), draw(st.booleans())))

    for fit in range(draw(st.sampled_from([1, 1, 2]))):
        if fit and new_runs and draw(st.booleans()):
            events.append(NewRun())
        around()
        events.append(TrainBegin())
        first = draw(st.sampled_from([0, 0, 3]))
        ending = draw(st.sampled_from(["end", "end", "end", "end", "raises", "raises in an epoch", "goes on"]))
        for epoch in range(first, first + draw(st.integers(0 if rarely(draw) else 1, epochs))):
            told = draw(st.integers(0, batches))
            events += [Batch(batch, draw(logs), draw(st.sampled_from(hooks))) for batch in range(told)]
            if batches and rarely(draw):
                events.append(TestBatch(0, draw(logs)))
            around()
            events.append(EpochEnd(epoch, draw(logs)))
        if ending == "raises in an epoch" and batches:
            events.append(Batch(0, draw(logs)))
        if ending != "goes on":
            events.append(TrainEnd() if ending == "end" else FitRaises())
    around()
    return tuple(events)
