"""Sweeps over GraphQL: what one shows of its runs, what is refused of its configuration, and what an agent is to do."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("graphql", reason="the server needs the `testing` extra")

from wandb_keras_compat.testing.doors.server.http_errors import NotDoneError, RefusedError
from wandb_keras_compat.testing.doors.server.server_state import encoded
from wandb_keras_compat.testing.model.artifacts import RunKey

from .test_arguments import World

CONFIG = "method: grid\nparameters: {x: {values: [1, 2]}}"


class Tuning(World):
    """A world without its sweeps, and what agents do in it."""

    def __init__(self) -> None:
        super().__init__()
        self.store.sweeps.clear()

    def sweep(self, config: str = CONFIG, **more: str) -> Any:
        """The object of a new sweep."""
        arguments = {"config": config, "projectName": "p", **more}
        inner = ", ".join(f"{name}: {json.dumps(value)}" for name, value in arguments.items())
        asked = "id name displayName method state description config bestLoss runCount runCountExpected"
        answer = self.ask(f"mutation {{ upsertSweep({inner}) {{ sweep {{ {asked} }} configValidationWarnings }} }}")
        return answer["upsertSweep"]["sweep"]

    def change(self, sweep: Any, **more: str) -> None:
        inner = ", ".join(f"{name}: {json.dumps(value)}" for name, value in {"id": sweep["id"], **more}.items())
        self.ask(f"mutation {{ upsertSweep({inner}) {{ sweep {{ name }} }} }}")

    def shown(self, sweep: Any, asked: str) -> Any:
        return self.ask(f'{{ project(name: "p") {{ sweep(sweepName: "{sweep["name"]}") {{ {asked} }} }} }}')["project"][
            "sweep"
        ]

    def agent(self, sweep: Any, host: str = "h") -> str:
        inner = f'host: "{host}", projectName: "p", sweep: "{sweep["name"]}"'
        found: str = self.ask(f"mutation {{ createAgent({inner}) {{ agent {{ id }} }} }}")["createAgent"]["agent"]["id"]
        return found

    def next_of(self, agent: str, *running: str) -> list[dict[str, Any]]:
        states = json.dumps(json.dumps(dict.fromkeys(running, True)))
        answer = self.ask(f'mutation {{ agentHeartbeat(id: "{agent}", runState: {states}) {{ commands }} }}')
        found: list[dict[str, Any]] = json.loads(answer["agentHeartbeat"]["commands"])
        return found

    def began(self, run_id: str, summary: dict[str, Any], sweep: str | None = None, project: str = "p") -> None:
        run = self.store.run(RunKey("local", project, run_id))
        run.summary = summary
        run.sweep = sweep


@pytest.fixture
def tuning() -> Tuning:
    return Tuning()


EXIT = [{"type": "exit", "exitcode": 0}]


def test_an_agent_gets_one_run_after_another_and_is_told_to_exit_when_none_is_left(tuning: Tuning) -> None:
    sweep = tuning.sweep(CONFIG + "\nprogram: train.py")
    assert sweep["state"] == "PENDING"
    agent = tuning.agent(sweep)
    assert tuning.shown(sweep, "state")["state"] == "RUNNING"
    ids = []
    for value in (1, 2):
        (command,) = tuning.next_of(agent)
        ids.append(command.pop("run_id"))
        assert command == {"type": "run", "program": "train.py", "args": {"x": {"value": value}}}
        assert tuning.next_of(agent, ids[-1]) == [], "it has one"
    assert len(set(ids)) == 2
    (kept,) = tuning.store.sweeps.values()
    assert kept.given == dict(zip(ids, ({"x": 1}, {"x": 2})))
    agents = tuning.shown(sweep, "agents { edges { node { id host totalRuns } } }")["agents"]["edges"]
    assert [edge["node"] for edge in agents] == [{"id": agent, "host": "h", "totalRuns": 2}]
    assert tuning.next_of(agent) == EXIT
    assert tuning.shown(sweep, "state")["state"] == "FINISHED"
    assert tuning.next_of(tuning.agent(sweep)) == EXIT, "an agent that comes too late"
    assert tuning.shown(sweep, "state")["state"] == "FINISHED"


def test_two_agents_share_the_runs_of_a_sweep(tuning: Tuning) -> None:
    sweep = tuning.sweep()
    agents = [tuning.agent(sweep, host) for host in ("one", "two")]
    values = [tuning.next_of(agent)[0]["args"]["x"]["value"] for agent in agents]
    assert values == [1, 2]
    shown = [tuning.shown(sweep, f'agent(agentName: "{agent}") {{ host totalRuns }}')["agent"] for agent in agents]
    assert shown == [{"host": "one", "totalRuns": 1}, {"host": "two", "totalRuns": 1}]
    assert tuning.shown(sweep, 'agent(agentName: "nobody") { id }')["agent"] is None


def test_a_sweep_that_pauses_hands_out_nothing_until_it_goes_on(tuning: Tuning) -> None:
    sweep = tuning.sweep()
    agent = tuning.agent(sweep)
    tuning.change(sweep, state="PAUSED")
    assert tuning.next_of(agent) == []
    assert tuning.shown(sweep, "state")["state"] == "PAUSED"
    tuning.change(sweep, state="RUNNING")
    assert tuning.next_of(agent)[0]["args"] == {"x": {"value": 1}}


def test_a_sweep_that_is_cancelled_ends_its_agents_at_once_and_one_that_is_stopped_after_their_runs(
    tuning: Tuning,
) -> None:
    for state, while_one_runs in (("CANCELED", EXIT), ("STOPPED", []), ("FINISHED", [])):
        sweep = tuning.sweep()
        agent = tuning.agent(sweep)
        run_id = tuning.next_of(agent)[0]["run_id"]
        tuning.change(sweep, state=state)
        assert tuning.next_of(agent, run_id) == while_one_runs
        assert tuning.next_of(agent) == EXIT
        kept = tuning.shown(sweep, "state")["state"]
        assert kept == ("FINISHED" if state == "STOPPED" else state)


def test_a_run_that_shall_stop_is_named_to_its_agent(tuning: Tuning) -> None:
    sweep = tuning.sweep()
    agent = tuning.agent(sweep)
    run_id = tuning.next_of(agent)[0]["run_id"]
    tuning.ask(f'mutation {{ upsertBucket(modelName: "p", name: "{run_id}") {{ inserted }} }}')
    assert tuning.next_of(agent, "unknown", run_id) == []
    server_id = encoded(f"Run:v1:{run_id}:p:local")
    tuning.ask(f'mutation {{ stopRun(id: "{server_id}") {{ success }} }}')
    assert tuning.next_of(agent, "unknown", run_id) == [{"type": "stop", "run_id": run_id}]


@pytest.mark.parametrize(("goal", "best"), [("minimize", 0.25), ("maximize", 2.0), (None, 0.25)])
def test_the_best_of_its_runs_is_the_lowest_or_the_highest_number_that_one_reached(
    tuning: Tuning, goal: str | None, best: float
) -> None:
    metric = "\nmetric: {name: deep.loss}" if goal is None else f"\nmetric: {{name: deep.loss, goal: {goal}}}"
    sweep = tuning.sweep(CONFIG + metric)
    assert (sweep["bestLoss"], sweep["runCount"], sweep["runCountExpected"]) == (None, 0, 2)
    for number, loss in enumerate((1.0, 0.25, 2.0, float("nan"), "text", True)):
        tuning.began(f"run{number}", {"deep": {"loss": loss}}, sweep["name"])
    tuning.began("without", {}, sweep["name"])
    tuning.began("elsewhere", {"deep": {"loss": -9.0}}, sweep["name"], project="q")
    tuning.began("of no sweep", {"deep": {"loss": -9.0}})
    seen = tuning.shown(sweep, "bestLoss runCount runs { edges { node { name } } }")
    assert (seen["bestLoss"], seen["runCount"]) == (best, 7)
    assert [edge["node"]["name"] for edge in seen["runs"]["edges"]] == [*(f"run{n}" for n in range(6)), "without"]


@pytest.mark.parametrize("metric", ["", "\nmetric: loss", "\nmetric: {goal: minimize}", "\nmetric: {name: 1}"])
def test_a_sweep_without_a_metric_has_no_best(tuning: Tuning, metric: str) -> None:
    sweep = tuning.sweep(CONFIG + metric)
    tuning.began("r1", {"loss": 1.0, "None": 2.0, "1": 3.0}, sweep["name"])
    assert tuning.shown(sweep, "bestLoss runCount") == {"bestLoss": None, "runCount": 1}


def test_a_sweep_is_shown_as_its_configuration_says(tuning: Tuning) -> None:
    config = CONFIG + "\nname: of the file\ndescription: what for"
    sweep = tuning.sweep(config)
    names = {name: sweep[name] for name in ("displayName", "method", "description", "config", "state")}
    assert names == {
        "displayName": "of the file", "method": "grid", "description": "what for", "config": config, "state": "PENDING",
    }  # fmt: skip
    tuning.change(sweep, displayName="shown", description="and why", config=config.replace("grid", "random"))
    seen = tuning.shown(sweep, "displayName method description")
    assert seen == {"displayName": "shown", "method": "random", "description": "and why"}
    tuning.change(sweep, state="PAUSED")
    assert tuning.shown(sweep, "displayName method state") == {
        "displayName": "shown", "method": "random", "state": "PAUSED",
    }  # fmt: skip


def test_numbers_are_those_that_the_sdk_wrote(tuning: Tuning) -> None:
    """It writes YAML 1.1, where a number needs no dot before its exponent's sign and `yes` is true."""
    tuning.sweep("method: grid\nparameters: {a: {values: [1.0e-3, yes, 0o17, '1']}}")
    (kept,) = tuning.store.sweeps.values()
    assert kept.config["parameters"]["a"]["values"] == [0.001, True, "0o17", "1"]


def test_a_sweep_is_where_the_call_says_or_its_configuration(tuning: Tuning) -> None:
    where = "\nentity: of-file\nproject: file-project"
    tuning.sweep(CONFIG + where, entityName="given")
    tuning.sweep(CONFIG + where, projectName="")
    tuning.sweep(CONFIG, projectName="")
    places = [(sweep.entity, sweep.project) for sweep in tuning.store.sweeps.values()]
    assert places == [("given", "p"), ("of-file", "file-project"), ("local", "uncategorized")]
    assert all(tuning.store.sweeps[key].id == key[2] for key in tuning.store.sweeps)


def test_the_sweeps_of_a_project_are_its_own(tuning: Tuning) -> None:
    names = [tuning.sweep()["name"] for _ in range(2)]
    tuning.sweep(projectName="q")
    seen = tuning.ask('{ project(name: "p") { totalSweeps sweeps { edges { node { name } } } } }')["project"]
    assert seen == {"totalSweeps": 2, "sweeps": {"edges": [{"node": {"name": name}} for name in names]}}
    assert tuning.ask('{ project(name: "p") { sweep(sweepName: "none") { name } } }')["project"]["sweep"] is None


REFUSED = {
    "no YAML": ("{", RefusedError, "no YAML"),
    "a tag": ("!!python/object:x {}", RefusedError, "no YAML"),
    "a date": ("method: grid\nparameters: {x: {value: 2026-01-01}}", RefusedError, "no YAML"),
    "a list": ("[1]", RefusedError, "must be an object"),
    "nothing": ("", RefusedError, "must be an object"),
    "a controller": (CONFIG + "\ncontroller: {type: local}", NotDoneError, "`controller`"),
    "a launch job": (CONFIG + "\nlaunch: {queue: q}", NotDoneError, "`launch`"),
    "a scheduler": (CONFIG + "\nscheduler: {x: 1}", NotDoneError, "`scheduler`"),
    "template variables": (CONFIG + "\ntemplate_variables: {x: 1}", NotDoneError, "`template_variables`"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_configuration_that_is_none_or_asks_for_more_is_refused(tuning: Tuning, what: str) -> None:
    config, error, words = REFUSED[what]
    with pytest.raises(error, match=words) as refused:
        tuning.sweep(config)
    assert refused.value.status == 400
    assert not tuning.store.sweeps


def test_what_cannot_be_changed_of_a_sweep_changes_nothing(tuning: Tuning) -> None:
    sweep = tuning.sweep()
    before = tuning.everything()
    changes: list[tuple[dict[str, str], int, str]] = [
        ({"state": "LOST"}, 400, "'LOST'"),
        ({"id": encoded("Sweep:none:p:local"), "state": "PAUSED"}, 404, "no sweep with the id"),
        ({"id": encoded("Run:none:p:local"), "state": "PAUSED"}, 400, "no id of a sweep"),
        ({"id": encoded("Sweep:none:p"), "state": "PAUSED"}, 400, "no id of a sweep"),
        ({"id": "", "state": "PAUSED"}, 400, "needs a `config`"),
        ({"templateVariableValues": '{"x": 1}'}, 400, "template variables"),
    ]
    for change, status, words in changes:
        with pytest.raises(RefusedError, match=words) as refused:
            tuning.change(sweep, **change)
        assert refused.value.status == status
    for nothing in ("null", "{}"):
        tuning.change(sweep, templateVariableValues=nothing)
    assert tuning.everything() == before


def test_an_agent_of_no_sweep_and_a_heartbeat_of_no_agent_are_refused(tuning: Tuning) -> None:
    agent = tuning.agent(tuning.sweep())
    for call, words in (
        (lambda: tuning.agent({"name": "none"}), "no sweep local/p/none"),
        (lambda: tuning.next_of("nobody"), "no agent with the id 'nobody'"),
    ):
        with pytest.raises(RefusedError, match=words) as refused:
            call()
        assert refused.value.status == 404
    with pytest.raises(RefusedError, match="the state of the runs"):
        tuning.ask(f'mutation {{ agentHeartbeat(id: "{agent}", runState: "[]") {{ commands }} }}')
