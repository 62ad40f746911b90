"""What needs the model is done with a copy where several workers train it, made once and brought up to date each hook."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from wandb_keras_compat.backends import NoCopy
from wandb_keras_compat.host.worker_copy import WorkerCopy


class Training:
    """A callback, and a backend that writes down what it is asked for."""

    def __init__(self, *, spans: bool = True, built: bool = True, fails: bool = False) -> None:
        self.model: Any = "model"
        self.asked: list[str] = []
        self.seen: list[Any] = []
        self.spans, self.built, self.fails = spans, built, fails
        self.worker = WorkerCopy()

    def spans_workers(self, model: Any) -> bool:
        assert model == self.model
        return self.spans

    def is_built(self, model: Any) -> bool:
        assert model == self.model
        return self.built

    def outside_strategies(self, function: Any) -> None:
        self.asked.append("outside")
        function()

    def local_copy(self, model: Any) -> Any:
        self.asked.append(f"copy of {model}")
        if self.fails:
            raise NoCopy(ValueError("no configuration"))
        refresh = lambda: self.asked.append("refresh")
        return SimpleNamespace(original=model, model=f"copy of {model}", refresh=refresh)

    def act(self, *, new_hook: bool = True) -> None:
        if new_hook:
            self.worker.begin_hook()
        backend: Any = self
        self.worker(self, backend, lambda: self.seen.append(self.model))


@pytest.mark.parametrize("training", [Training(spans=False), Training(built=False)])
def test_one_worker_and_a_model_that_nothing_ran_yet_need_no_copy(training: Training) -> None:
    training.act()
    assert (training.seen, training.asked) == (["model"], [])


def test_the_copy_is_made_once_and_refreshed_once_a_hook() -> None:
    training = Training()
    training.act()
    training.act(new_hook=False)
    assert training.asked == ["outside", "copy of model", "refresh", "outside"]
    training.act()
    assert training.asked[4:] == ["outside", "refresh"]
    assert training.seen == ["copy of model"] * 3
    assert training.model == "model"


def test_another_model_has_a_copy_of_its_own() -> None:
    training = Training()
    training.act()
    training.model = "other"
    training.act(new_hook=False)
    assert training.asked == ["outside", "copy of model", "refresh", "outside", "copy of other", "refresh"]
    assert training.seen[-1] == "copy of other" and training.model == "other"


def test_the_model_is_back_in_place_after_an_action_that_fails() -> None:
    training = Training()
    with pytest.raises(ZeroDivisionError):
        training.worker(training, training, lambda: 1 // 0)  # type: ignore[arg-type, return-value]
    assert training.model == "model"


def test_a_model_that_cannot_be_copied_is_not_tried_again_and_its_action_not_called() -> None:
    training = Training(fails=True)
    for _ in range(2):
        with pytest.raises(NoCopy, match="no configuration"):
            training.act()
    assert training.asked == ["outside", "copy of model"] and training.seen == []
    training.model, training.fails = "other", False
    training.act()
    assert training.seen == ["copy of other"]
