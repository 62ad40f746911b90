"""Sweeps in traces: what is in there, what is not, and how a difference is found and shown."""

from __future__ import annotations

import copy
import io
import json
import math
from typing import Any

import pytest
from rich.console import Console

from wandb_keras_compat.testing.model.artifacts import RunKey
from wandb_keras_compat.testing.model.store import RunStore
from wandb_keras_compat.testing.model.sweeps import Agent, Sweep
from wandb_keras_compat.testing.trace.compare import diff
from wandb_keras_compat.testing.trace.normalize import dumps, trace_of
from wandb_keras_compat.testing.trace.validate import TraceError, check
from wandb_keras_compat.testing.views.sweep_table import best_run, rows_of
from wandb_keras_compat.testing.views.terminal import show

CONFIG = {
    "method": "random",
    "metric": {"name": "val_loss", "goal": "minimize"},
    "early_terminate": {"type": "hyperband", "min_iter": 3},
    "parameters": {"lr": {"min": 0.1, "max": math.inf}, "size": {"values": [1, 2]}},
}


def store(ids: tuple[str, str] = ("one", "two"), losses: tuple[Any, ...] = (0.5, 0.25, None)) -> RunStore:
    """Two sweeps; the first that ran is the second that was made. Three runs, and a fourth that never began."""
    found = RunStore()
    for number, (name, loss) in enumerate(zip("abc", losses)):
        run = found.run(RunKey("local", "p", name))
        run.sweep = ids[1] if number else None
        run.summary = {} if loss is None else {"val_loss": loss}
        run.exit_code = 0
    found.runs[RunKey("local", "p", "a")].sweep = ids[1]
    for sweep_id in ids:
        found.sweeps["local", "p", sweep_id] = Sweep("local", "p", sweep_id, copy.deepcopy(CONFIG), name="tuning")
    second = found.sweeps["local", "p", ids[1]]
    second.state = "FINISHED"
    second.agents = {"x": Agent("x", "host-1", runs=["a", "c"]), "y": Agent("y", "host-2", runs=["b", "never"])}
    second.given = {name: {"lr": place / 10, "size": 1} for place, name in enumerate(("a", "b", "c", "never"))}
    return found


def traced(**how: Any) -> dict[str, Any]:
    return trace_of(store(**how).snapshot(), "http")


def test_a_trace_has_the_sweeps_without_ids_and_hosts():
    trace = traced()
    check(json.loads(dumps(trace)))
    first, second = trace["sweeps"]
    assert [run["sweep"] for run in trace["runs"]] == ["sweep 1"] * 3
    assert (first["name"], first["title"], first["state"], first["agents"]) == ("sweep 1", "tuning", "FINISHED", 2)
    assert [(given["run"], given["agent"]) for given in first["given"]] == [(0, 0), (1, 1), (2, 0), (None, 1)]
    assert first["given"][1]["values"] == {"lr": 0.1, "size": 1}
    assert first["config"]["parameters"]["lr"]["max"] == {"_type": "number", "is": "Infinity"}
    assert (second["name"], second["state"], second["agents"], second["given"]) == ("sweep 2", "PENDING", 0, [])
    assert "host" not in dumps(trace)
    assert traced(ids=("other", "ids")) == trace, "ids are the server's"


@pytest.mark.parametrize("kind", ["image-file", "table-file", "graph-file", "html-file"])
def test_a_sweep_has_no_files_whatever_its_values_say(kind):
    """Not those of its runs either: whoever asked for the value had none of them."""
    shown = {"_type": kind, "path": "media/x"}
    asked = store()
    asked.runs[RunKey("local", "p", "a")].files["media/x"] = [b"of the run"]
    asked.sweeps["local", "p", "two"].config["parameters"]["shown"] = {"value": shown}
    asked.sweeps["local", "p", "two"].given["a"]["shown"] = shown
    trace = trace_of(asked.snapshot(), "http")
    check(json.loads(dumps(trace)))
    sweep = trace["sweeps"][0]
    without = {"_type": "media", "media": kind, "content": None}
    assert sweep["config"]["parameters"]["shown"]["value"] == sweep["given"][0]["values"]["shown"] == without


def test_a_trace_without_sweeps_has_no_word_of_them():
    empty = RunStore()
    empty.run(RunKey("local", "p", "a"))
    assert "sweeps" not in trace_of(empty.snapshot(), "http")
    assert "sweeps" not in dumps(trace_of(empty.snapshot(), "recorder"))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda sweep: sweep["given"][1]["values"].update(lr=0.3), "sweeps[0].given[1].values.lr"),
        (lambda sweep: sweep["given"][0].update(run=2), "sweeps[0].given[0].run"),
        (lambda sweep: sweep["given"][0].update(agent=1), "sweeps[0].given[0].agent"),
        (lambda sweep: sweep["config"].update(method="grid"), "sweeps[0].config.method"),
        (
            lambda sweep: sweep["config"]["early_terminate"].update(min_iter=4),
            "sweeps[0].config.early_terminate.min_iter",
        ),
        (lambda sweep: sweep.update(state="CANCELED"), "sweeps[0].state"),
        (lambda sweep: sweep.update(agents=3), "sweeps[0].agents"),
        (lambda sweep: sweep.update(title=None), "sweeps[0].title"),
    ],
)
def test_what_differs_is_found(change, path):
    old, new = traced(), traced()
    assert not diff(old, new)
    change(new["sweeps"][0])
    assert diff(old, new).paths() == [path]


def test_a_sweep_that_one_side_has_is_found_but_not_where_the_other_cannot_see_it():
    old, new = traced(), traced()
    del new["sweeps"][1]
    assert diff(old, new).paths() == ["sweeps[1]"]
    del new["sweeps"]
    assert diff(old, new).paths() == ["sweeps[0]", "sweeps[1]"]
    blind = store()
    blind.sweeps.clear()
    log = trace_of(blind.snapshot(), "log")
    assert "sweeps.**" in log["blind"]
    assert not [path for path in diff(old, log).paths() if path.startswith("sweeps")]


@pytest.mark.parametrize("wrong", [{"run": 3}, {"agent": 2}, {"run": -1}, {"values": None}])
def test_a_trace_that_names_a_run_or_an_agent_it_has_not_is_none(wrong):
    trace = traced()
    trace["sweeps"][0]["given"][0].update(wrong)
    with pytest.raises(TraceError, match=r"sweeps\[0\]\.given\[0\]"):
        check(trace)


def test_the_best_run_is_the_one_with_the_best_value():
    for goal, best in (("minimize", 1), ("maximize", 0)):
        trace = traced()
        trace["sweeps"][0]["config"]["metric"]["goal"] = goal
        assert best_run(trace["sweeps"][0], trace["runs"]) == best
        (marked,) = [row[0] for row in rows_of(trace["sweeps"][0], trace["runs"]) if "the best" in row[3]]
        assert marked == f"run {best}"
    nothing = traced(losses=(math.nan, None, None))
    assert best_run(nothing["sweeps"][0], nothing["runs"]) is None


def test_show_prints_each_sweep_its_parameters_and_what_came_of_each_run():
    output = io.StringIO()
    show(Console(file=output, width=160, color_system=None), "t.json", traced())
    text = output.getvalue()
    assert "2 sweeps, 3 runs" in text
    assert (
        "Sweep 1: tuning (random; FINISHED; 2 agents; minimize val_loss; early_terminate, which ends nothing here)"
        in text
    )
    assert "lr=0.1, size=1" in text
    for line, words in (("run 0", "val_loss 0.5"), ("run 1", "val_loss 0.25, the best"), ("run 2", "val_loss missing")):
        assert any(line in row and words in row for row in text.splitlines()), (line, text)
    assert "never began" in text


def test_the_page_shows_the_sweeps_and_what_differs_in_them():
    pytest.importorskip("jinja2", reason="pages need the `testing` extra")
    from wandb_keras_compat.testing.views.build_report import report_of, report_of_both
    from wandb_keras_compat.testing.views.findings import Findings
    from wandb_keras_compat.testing.views.html_page import render

    old, new = traced(), traced()
    assert "Sweep 1: tuning" in render(report_of("t.json", old))
    new["sweeps"][0]["given"][1]["values"]["lr"] = 0.3
    report = report_of_both(("old", "new"), (old, new), Findings(diff(old, new)))
    assert [len(sweep.findings) for sweep in report.sweeps] == [1, 0]
    assert "sweeps[0].given[1].values.lr" in render(report)
