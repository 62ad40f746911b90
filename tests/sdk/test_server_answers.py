"""What a server answers and when, with the threads that ask and the clock in the hands of the test."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from wandb_keras_compat.sdk import server_answers
from wandb_keras_compat.sdk.server_answers import PATIENCE, Answer, ServerAnswers, answers_of, replaced


class World:
    """Each question takes the next of *takes* seconds, and its thread answers when so much time has gone by."""

    def __init__(self) -> None:
        self.now = 100.0
        self.takes: list[float] = []
        self.due: list[tuple[float, Callable[[], None]]] = []
        self.waited: list[float] = []
        self.daemons: list[bool] = []
        self.warnings: list[str] = []

    def pass_by(self, seconds: float) -> None:
        until = self.now + seconds
        while self.due and min(self.due, key=lambda pair: pair[0])[0] <= until:
            pair = min(self.due, key=lambda pair: pair[0])
            self.due.remove(pair)
            self.now = max(self.now, pair[0])
            pair[1]()
        self.now = until

    def start(self, target: Callable[[], None], name: str, daemon: bool) -> Any:
        assert "wandb-keras-compat" in name, "whoever lists the threads of a program sees whose it is"
        self.daemons.append(daemon)
        at = self.now + (self.takes.pop(0) if self.takes else 0.0)
        return SimpleNamespace(start=lambda: self.due.append((at, target)))

    def event(self) -> Any:
        there = threading.Event()

        def wait(seconds: float) -> bool:
            before, self.waited = self.now, [*self.waited, seconds]
            while not there.is_set() and self.due and min(self.due)[0] <= before + seconds:
                self.pass_by(min(self.due)[0] - self.now)
            if not there.is_set():
                self.pass_by(before + seconds - self.now)
            return there.is_set()

        return SimpleNamespace(set=there.set, is_set=there.is_set, wait=wait)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    found = World()
    threads = SimpleNamespace(Thread=found.start, Event=found.event, Lock=threading.Lock)
    monkeypatch.setattr(server_answers, "threading", threads)
    monkeypatch.setattr(server_answers, "time", SimpleNamespace(monotonic=lambda: found.now))

    def warn(message: str, *, repeat: bool) -> None:
        assert not repeat
        found.warnings.append(message)

    monkeypatch.setattr(server_answers, "warn", warn)
    return found


def answers() -> ServerAnswers:
    return ServerAnswers("run-folder")


def fails(error: BaseException) -> Callable[[], object]:
    def question() -> object:
        raise error

    return question


def never(answer: Answer) -> None:
    raise AssertionError("nobody was to be told")


def test_an_answer_in_time_is_there_and_costs_no_patience(world: World) -> None:
    world.takes = [3.0]
    of = answers()
    found = of.of("key", lambda: 7, never)
    assert (found.value, found.error, found.there, found.succeeded, found.missed) == (7, None, True, True, False)
    assert (found.seconds, of.patience, of.silent, world.waited) == (3.0, PATIENCE, False, [PATIENCE])
    world.pass_by(9.0)
    assert found.seconds == 3.0
    assert world.daemons == [True] and world.warnings == []


def test_an_answer_that_comes_late_was_waited_for_once_and_is_told(world: World) -> None:
    world.takes = [10.0]
    of, told = answers(), []
    found = of.of("key", lambda: 7, told.append)
    assert (found.there, found.missed, found.succeeded, of.patience, of.silent) == (False, True, False, 0.0, True)
    assert world.now == 100.0 + PATIENCE and found.seconds == PATIENCE
    assert len(world.warnings) == 1 and "run-folder" in world.warnings[0]
    assert of.of("key", never, never) is found, "what is still asked is not asked again"
    world.pass_by(6.0)
    assert told == [found] and (found.value, found.there) == (7, True)
    assert of.silent, "an answer that took so long says that it still is"


def test_of_a_silent_server_nothing_is_waited_for_until_it_answers_in_time(world: World) -> None:
    world.takes = [10.0, 1.0, 1.0]
    of, told = answers(), []
    of.of("first", lambda: 1, lambda _: None)
    second = of.of("second", lambda: 2, told.append)
    assert (world.waited, second.there, second.missed) == ([PATIENCE, 0.0], False, True)
    world.pass_by(1.0)
    assert (told, of.silent, second.seconds) == ([second], False, 1.0)
    assert of.patience == 0.0
    third = of.of("third", lambda: 3, lambda _: None)
    assert world.waited[-1] == 0.0 and third.missed, "the patience of the run is used up"


def test_what_was_answered_is_asked_again_and_not_waited_for(world: World) -> None:
    world.takes = [1.0, 2.0, 9.0]
    of = answers()
    first = of.of("key", lambda: 1, never)
    told: list[Answer] = []
    assert of.of("key", lambda: 2, told.append) is first
    assert len(world.waited) == 1
    world.pass_by(2.0)
    assert [answer.value for answer in told] == [2], "and is told"
    newer = of.of("key", lambda: 3, lambda _: None)
    assert (newer.value, of.silent) == (2, False)
    world.pass_by(9.0)
    assert of.silent


@pytest.mark.parametrize("error", [OSError("no route"), KeyError("x"), KeyboardInterrupt()])
def test_an_error_is_that_the_server_does_not_answer(world: World, error: BaseException) -> None:
    of = answers()
    found = of.of("key", fails(error), never)
    assert (found.error, found.there, found.succeeded, of.silent) == (error, True, False, True)
    assert len(set(world.warnings)) == 1


def test_a_refusal_is_an_answer(world: World) -> None:
    of, refusal = answers(), ValueError("taken")
    of.silent = True
    found = of.of("key", fails(refusal), lambda _: None)
    world.pass_by(0.0)
    assert (found.error, found.succeeded, of.silent, world.warnings) == (refusal, False, False, [])


def test_a_server_falls_silent_while_it_is_asked_again(world: World) -> None:
    world.takes = [0.0, 20.0]
    of = answers()
    of.of("key", lambda: 1, never)
    of.of("key", lambda: 2, lambda _: None)
    world.pass_by(PATIENCE)
    of.of("key", never, never)
    assert not of.silent, "it may still come"
    world.pass_by(1.0)
    of.of("key", never, never)
    assert of.silent


class Table:
    name, type, _client_id = "table", "run_table", None

    def wait(self) -> object:
        raise NotImplementedError


def test_for_an_upload_half_of_the_patience_is_waited_and_its_being_late_says_nothing(world: World) -> None:
    world.takes = [30.0, 1.0]
    of, told, table = answers(), [], Table()
    late = of.of_upload(table, lambda: "late", told.append)
    assert (world.waited, of.patience, of.silent, of.unsent) == ([PATIENCE / 2], PATIENCE / 2, False, [(table, late)])
    there = of.of_upload(table, lambda: "there", never)
    assert (there.value, world.waited[-1], of.unsent) == ("there", PATIENCE / 4, [(table, late)])
    world.pass_by(40.0)
    assert (told, of.silent, world.warnings) == ([late], False, [])


def test_an_upload_that_is_refused_is_not_there(world: World) -> None:
    of, table = answers(), Table()
    refused = of.of_upload(table, fails(ValueError("taken")), never)
    assert of.unsent == [(table, refused)] and of.patience == PATIENCE


def test_where_no_thread_can_be_started_that_is_the_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    error = RuntimeError("can't start new thread")
    monkeypatch.setattr(server_answers.threading, "Thread", lambda **_: SimpleNamespace(start=fails(error)))
    of = answers()
    found = of.of("key", never, never)
    assert (found.error, found.there, found.seconds, of.silent) == (error, True, 0.0, True)


def test_a_question_is_let_go_once_it_is_asked(world: World) -> None:
    """It holds what was to be logged."""
    found = answers().of("key", lambda: 1, never)
    assert found._question is None


class Target:
    kept = "of the class"


def test_attributes_are_others_for_a_time_and_those_of_its_class_stay() -> None:
    target, other = Target(), Target()
    vars(target)["own"] = 1
    with replaced(target, own=2, kept="mine", new=3):
        assert vars(target) == {"own": 2, "kept": "mine", "new": 3}
        assert (other.kept, Target.kept) == ("of the class",) * 2
        with replaced(target, own=4):
            assert vars(target)["own"] == 4
        assert vars(target)["own"] == 2
        del vars(target)["new"]  # as another thread that was inside leaves it
    assert vars(target) == {"own": 1}
    with pytest.raises(ZeroDivisionError), replaced(target, new=1):
        raise ZeroDivisionError
    assert vars(target) == {"own": 1}


class Run:
    settings = SimpleNamespace(sync_dir="somewhere")


def test_each_run_has_answers_of_its_own() -> None:
    one, other = Run(), Run()
    assert answers_of(one) is answers_of(one) is not answers_of(other)
    assert (answers_of(one).sync_folder, answers_of(one).silent, answers_of(one).unsent) == ("somewhere", False, [])
