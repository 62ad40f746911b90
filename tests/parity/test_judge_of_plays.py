"""How a play is judged: the shim against its model, the real class against its own, and both against each other."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from wandb_keras_compat.parity.state_machine import judge as judging
from wandb_keras_compat.parity.state_machine.contestants import Step, real, shim
from wandb_keras_compat.parity.state_machine.events import Play, TrainBegin, TrainEnd
from wandb_keras_compat.parity.state_machine.judge import Disagreement
from wandb_keras_compat.parity.state_machine.legacy_model.rules import Rules
from wandb_keras_compat.testing.trace.ledger import Ledger

VERSIONS = {"keras": "2.12.0", "tensorflow": "2.12.1", "wandb": "0.16.6"}
PLAY = Play({"monitor": "loss"}, (TrainBegin(), TrainEnd()))

Change = Callable[[dict[str, Any]], Any]


def trace(change: Change = lambda run: None) -> dict[str, Any]:
    """Of a run in which everything is that a model knows, and more."""
    run = {
        "name": "play", "history": [{"_step": 0, "loss": 0.5}], "summary": {"loss": 0.5}, "files": {"a": None},
        "artifacts": {"logged": [artifact("model-play", "model", {"m": 1})], "used": []}, "console": ["said"],
        "telemetry": ["feature.keras"], "tags": [],
    }  # fmt: skip
    change(run)
    return {"blind": [], "made_with": VERSIONS, "runs": [run]}


def artifact(name: str, kind: str, entries: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "type": kind, "aliases": ["latest"], "entries": entries, "metadata": {"x": 1}}


def modelled(change: Change = lambda run: None) -> dict[str, Any]:
    """What its model says of the same."""
    found = trace(change)
    for run in found["runs"]:
        del run["telemetry"], run["tags"]
        for listed in run["artifacts"].values():
            for each in listed:
                each.pop("metadata", None)
    del found["made_with"]
    return found


def steps(last: dict[str, Any] | None, *, glance: Any = 1, died: str | None = None) -> list[Step]:
    return [Step(0, None), Step(0, None), Step(glance, last, died)]


class Played:
    """In the place of the arena and of the model: who did what, and which differences mattered to whom."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, known: Sequence[dict[str, Any]] = ()) -> None:
        self.plays = 0
        self.asked: list[bool] = []
        self.of: dict[Any, list[Step]] = {shim: steps(trace()), real: steps(trace())}
        self.models = {True: steps(modelled()), False: steps(modelled())}
        self.met: dict[bool, set[str]] = {True: set(), False: set()}
        monkeypatch.setattr(judging, "made_with", lambda: VERSIONS)
        monkeypatch.setattr(judging, "modelled", self._modelled)
        texts = dict.fromkeys(("old", "new", "why", "witness"), "x")
        ledger = Ledger.of([{"feature": "best", "kind": "intended", **texts, **each} for each in known])
        monkeypatch.setattr(judging, "_ledger", lambda: ledger)

    def played(self, kind: Any, play: Play, every: bool = False) -> list[Step]:
        assert play is PLAY
        self.asked.append(every)
        return copy.deepcopy(self.of[kind])

    def _modelled(self, play: Play, rules: Rules, every: bool) -> list[Step]:
        assert play is PLAY and every is self.asked[-1]
        rules.met |= self.met[rules.shim]
        return copy.deepcopy(self.models[rules.shim])

    def judged(self, oracle: bool | None = True) -> set[str]:
        return judging.judge(self, PLAY, oracle=oracle)  # type: ignore[arg-type]

    def disagreement(self, oracle: bool = True) -> list[str]:
        with pytest.raises(Disagreement) as raised:
            self.judged(oracle)
        assert self.asked[0] is False and self.asked[-1] is True  # the second time with a trace after each event
        return str(raised.value).splitlines()


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    return Played(monkeypatch)


def loss(value: float) -> Change:
    return lambda run: run["summary"].update(loss=value)


def test_where_all_are_alike_the_ids_that_mattered_come_out(played: Played) -> None:
    assert played.judged() == set()
    assert (played.plays, played.asked) == (1, [False, False])
    played.met = {True: {"A-1"}, False: {"A-2"}}
    assert played.judged() == {"A-1", "A-2"} and played.plays == 2


def test_without_the_real_class_the_shim_is_held_to_its_model(played: Played) -> None:
    played.of[real] = steps(trace(loss(9.5)))
    assert played.judged(oracle=False) == set() and played.asked == [False]


def test_whether_there_is_a_real_class_is_looked_up(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    for there in (True, False):
        played.asked.clear()
        monkeypatch.setattr(judging, "has_real_class", lambda there=there: there)
        played.judged(oracle=None)
        assert len(played.asked) == 1 + there


@pytest.mark.parametrize(("keras", "there"), [("2.15.0", True), ("3.0.0", False)])
def test_the_real_class_is_there_where_wandb_has_it_and_keras_is_2(
    monkeypatch: pytest.MonkeyPatch, keras: str, there: bool
) -> None:
    def missing() -> None:
        raise ImportError

    monkeypatch.setattr(judging, "made_with", lambda: {**VERSIONS, "keras": keras})
    for found, expected in ((lambda: object, there), (missing, False)):
        monkeypatch.setattr(judging, "real", found)
        assert judging.has_real_class.__wrapped__() is expected


def test_numbers_are_as_near_as_those_of_trainings(played: Played) -> None:
    played.of[shim] = steps(trace(loss(0.5 * (1 + 9e-5))))
    assert played.judged() == set()
    played.of[shim] = steps(trace(loss(0.5 * (1 + 11e-5))))
    assert played.disagreement()


@pytest.mark.parametrize(
    "change",
    [
        loss(9.5),
        lambda run: run["history"].pop(),
        lambda run: run["files"].clear(),
        lambda run: run["console"].append("more"),
        lambda run: run["artifacts"]["used"].append(artifact("a", "model", {})),
        lambda run: run["artifacts"]["logged"][0].update(aliases=["best"]),
        lambda run: run["artifacts"]["logged"][0].update(entries={}),
        lambda run: run["artifacts"]["logged"][0].update(name="other"),
        lambda run: run["artifacts"]["logged"][0].update(type="other"),
    ],
)
@pytest.mark.parametrize("kind", [shim, real])
def test_a_contestant_that_is_not_as_its_model_is_told_with_the_place(
    played: Played, kind: Any, change: Change
) -> None:
    played.of[kind] = steps(trace(change))
    told = played.disagreement()
    who = "the shim" if kind is shim else "the real class"
    assert told[0] == f"{who} and the model differ after event 1"
    assert told[1] == "the events:" and "  1: TrainEnd()    <-- here" in told
    assert f"by path, {who} | the model:" in told and told[-1].startswith("  runs[0].")


def test_both_values_are_told(played: Played) -> None:
    played.of[shim] = steps(trace(loss(9.5)))
    assert played.disagreement()[-1] == "  runs[0].summary.loss: number: 9.5 | 0.5"


def test_what_the_model_does_not_know_is_compared_between_the_two(played: Played) -> None:
    for kind in (shim, real):
        played.of[kind] = steps(trace(lambda run: run["tags"].append("a")))
    assert played.judged() == set()
    played.of[real] = steps(trace())
    told = played.disagreement()
    assert told[0] == "the real class and the shim differ after event 1"
    assert told[-1] == "  runs[0].tags.a: added: absent | 'a'"


def test_tables_that_wandb_makes_on_its_own_and_files_of_tables_are_not_of_the_model(played: Played) -> None:
    def tables(run: dict[str, Any]) -> None:
        own = artifact("run-1-x", "run_table", {"x.table.json": 1})
        data = artifact("val", "validation_dataset", {"data.table.json": 1, "media/images/0.png": 2})
        run["artifacts"]["logged"] += [own, data]

    def of_model(run: dict[str, Any]) -> None:
        run["artifacts"]["logged"].append(artifact("val", "validation_dataset", {"data.table.json": 1}))

    for kind in (shim, real):
        played.of[kind] = steps(trace(tables))
    played.models = {True: steps(modelled(of_model)), False: steps(modelled(of_model))}
    assert played.judged() == set()
    played.models[True] = steps(modelled())
    assert played.disagreement()


def test_an_entry_of_another_kind_may_have_a_folder(played: Played) -> None:
    def model(run: dict[str, Any]) -> None:
        run["artifacts"]["logged"] = [artifact("m", "model", {"a/b": 1})]

    for kind in (shim, real):
        played.of[kind] = steps(trace(model))
    assert played.disagreement()
    played.models = {True: steps(modelled(model)), False: steps(modelled(model))}
    assert played.judged() == set()


def test_how_much_there_is_counts_where_nothing_else_differs(played: Played) -> None:
    played.models[True] = steps(modelled(), glance=2)
    assert played.disagreement()[-1] == "  at a glance: 1 | 2"
    played.models[True] = [Step(3, None), *steps(modelled())[1:]]
    told = played.disagreement()
    assert told[0] == "the shim and the model differ" and "<-- here" in told[2] and "WandbCallback" in told[2]
    played.of[shim] = steps(trace(loss(9.5)), glance=2)
    played.models[True] = steps(modelled(), glance=3)
    assert not any("glance" in line for line in played.disagreement())


@pytest.mark.parametrize(
    ("died", "model", "alike"),
    [
        (None, None, True),
        ("ValueError", "ValueError", True),
        ("ValueError", "TypeError or ValueError", True),
        ("TypeError", "TypeError or ValueError", True),
        ("KeyError", "TypeError or ValueError", False),
        ("ValueError", None, False),
        (None, "ValueError", False),
        (None, "TypeError or ValueError", False),
        ("Error", "ValueError", False),
    ],
)
def test_who_dies_dies_of_what_its_model_says(played: Played, died: str | None, model: str | None, alike: bool) -> None:
    for kind in (shim, real):
        played.of[kind] = steps(trace(), died=died)
        played.models[kind is shim] = steps(modelled(), died=model)
    if alike:
        assert played.judged() == set()
    else:
        assert played.disagreement()[-1] == f"  died: {died} | {model}"


def test_the_shim_may_go_on_where_the_real_class_dies(played: Played) -> None:
    died = trace(lambda run: run["history"].clear())
    played.of[real] = steps(died, died="ValueError")
    played.models[False] = steps(modelled(lambda run: run["history"].clear()), died="ValueError")
    assert played.judged() == set()


def test_of_the_two_the_ledger_knows_what_mattered(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [{"id": name, "where": "runs[*].summary.loss", "run": f"play*{name}*"} for name in ("A-1", "A-2")]
    played = Played(monkeypatch, known)
    played.of[real] = steps(trace(loss(9.5)))
    played.models[False] = steps(modelled(loss(9.5)))
    assert played.disagreement()[0].startswith("the real class and the shim")
    for met in ({True: {"A-1"}, False: set()}, {True: set(), False: {"A-2"}}, {True: {"A-2"}, False: {"A-1"}}):
        played.met = met
        assert played.judged() == met[True] | met[False]
    played.met = {True: {"A-3"}, False: set()}
    assert played.disagreement()[0].startswith("the real class and the shim")


def test_what_is_left_to_chance_no_model_has_to_know(monkeypatch: pytest.MonkeyPatch) -> None:
    (chance,) = judging.BY_CHANCE
    played = Played(monkeypatch, [{"id": chance, "where": "runs[*].summary.loss", "run": f"*{chance}*"}])
    played.of[real] = steps(trace(loss(9.5)))
    assert played.disagreement()[0].startswith("the real class and the model")
    played.met[False] = {chance}
    assert played.judged() == {chance}
    played.of[shim] = steps(trace(loss(9.5)))  # of the shim nothing is
    played.met[True] = {chance}
    assert played.disagreement()[0].startswith("the shim and the model")


def test_of_many_differences_the_first_are_told(played: Played) -> None:
    played.of[shim] = steps(trace(lambda run: run["summary"].update({f"k{at:02}": at for at in range(17)})))
    told = played.disagreement()
    lines = told[told.index("by path, the shim | the model:") + 1 :]
    assert lines == [*(f"  runs[0].summary.k{at:02}: missing: {at} | absent" for at in range(15)), "  and 2 more"]


def test_a_play_that_differs_only_once_is_a_mistake_of_the_judge(played: Played) -> None:
    wrong, right = steps(trace(loss(9.5))), steps(trace())
    played.of[shim] = wrong

    def once(kind: Any, play: Play, every: bool = False) -> list[Step]:
        played.asked.append(every)
        return right if every or kind is real else wrong

    played.played = once  # type: ignore[method-assign]
    with pytest.raises(AssertionError, match="otherwise the second time"):
        played.judged()
