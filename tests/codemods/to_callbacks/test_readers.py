"""What counts as reading an old key, in whatever form it is written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wandb_keras_codemods.to_callbacks.key_readers import facts_of
from wandb_keras_codemods.to_callbacks.project import FileFacts, KeyUse, Project, combine

from ..tools import PROPERTY

API = "api = wandb.Api()\nruns = api.runs('me/mnist')\n"


def facts(code: str) -> FileFacts:
    return facts_of("read.py", "python", b"import wandb\n" + code.encode())


def project(code: str, *, own: str = "") -> Project:
    return combine([facts(code), facts(own)])


READS = {
    "by key": "x = wandb.run.summary['val_loss']",
    "get": "x = wandb.run.summary.get('val_loss', 1)",
    "the old global": "x = wandb.summary['val_loss']",
    "attribute": "x = wandb.run.summary.val_loss",
    "in": "assert 'val_loss' in wandb.run.summary",
    "not in": "assert 'val_loss' not in wandb.run.summary.keys()",
    "through a name": "s = wandb.run.summary\nx = s['val_loss']",
    "get through a name": "s = wandb.run.summary\nx = s.get('val_loss')",
    "through a copy": "s = dict(wandb.run.summary)\nx = s['val_loss']",
    "through a walrus": "if s := wandb.run.summary:\n    x = s['val_loss']",
    "or nothing": "s = wandb.run.summary or {}\nx = s['val_loss']",
    "json dict": "x = wandb.run.summary._json_dict['val_loss']",
    "the run of init": "run = wandb.init()\nx = run.summary['val_loss']",
    "with": "with wandb.init() as run:\n    x = run.summary['val_loss']",
    "of an attribute": "class A:\n    def f(self):\n        self.run = wandb.init()\n    def g(self):\n        return self.run.summary['val_loss']",
    "through an attribute": "class A:\n    def f(self):\n        self._s = wandb.run.summary\n    def g(self):\n        return self._s['val_loss']",
    "in a text": "print(f\"{wandb.run.summary['val_loss']}\")",
    "a global": "run = None\ndef f():\n    global run\n    run = wandb.init()\ndef g():\n    print(run.summary['val_loss'])",
    "a tuple of steps": "df = wandb.Api().run('a/b/c').history()\nplot(df._step, df.val_loss)",
    "of an own function": "def best(path):\n    return wandb.Api().run(path)\nx = best('a/b/c').summary['val_loss']",
    "of a function elsewhere": "from common import load\nx = load('a/b/c').summary['val_loss']",
    "getattr": "x = getattr(wandb.run, 'summary', {})['val_loss']",
    "of a parameter": "def f(run):\n    return run.summary['val_loss']",
    "a constant": "KEY = 'val_loss'\nx = wandb.run.summary[KEY]",
    "keys of a loop": "for key in ('val_loss', 'val_loss'):\n    print(wandb.run.summary[key])",
    "api": "x = wandb.Api().run('a/b/c').summary.get('val_loss')",
    "api imported": "from wandb.apis.public import Api\nx = Api().run('a/b/c').summary['val_loss']",
    "runs by index": API + "x = runs[0].summary['val_loss']",
    "runs in a loop": API + "for run in runs:\n    print(run.summary['val_loss'])",
    "runs, counted": API + "for i, r in enumerate(runs):\n    print(i, r.summary['val_loss'])",
    "runs in a comprehension": API + "x = [r.summary.get('val_loss') for r in runs if r.state == 'finished']",
    "sorted by": API + "x = sorted(runs, key=lambda r: r.summary.get('val_loss', 0))[0].config",
    "best of": API + "x = max(runs, key=f).summary['val_loss']",
    "sweep": "x = wandb.Api().sweep('a/b/c').best_run().summary['val_loss']",
    "best run by": "x = wandb.Api().sweep('a/b/c').best_run(order='val_loss')",
    "summary_metrics": "x = wandb.Api().run('a/b/c').summary_metrics['val_loss']",
    "history by keys": "x = wandb.Api().run('a/b/c').history(keys=['_step', 'val_loss'])",
    "history by a constant": "KEYS = ['val_loss']\nx = wandb.Api().run('a/b/c').history(100, KEYS)",
    "scan_history": "x = [row for row in wandb.Api().run('a/b/c').scan_history(keys=['val_loss'])]",
    "rows": "for row in wandb.Api().run('a/b/c').scan_history():\n    print(row['val_loss'])",
    "rows, counted": "for i, row in enumerate(wandb.Api().run('a/b/c').scan_history()):\n    print(row['val_loss'])",
    "rows, the other way": "rows = reversed(list(wandb.Api().run('a/b/c').scan_history()))\nx = [row['val_loss'] for row in rows]",
    "rows with get": "x = [row.get('val_loss') for row in wandb.Api().run('a/b/c').scan_history()]",
    "column": "df = wandb.Api().run('a/b/c').history()\nx = df['val_loss'].min()",
    "column by attribute": "df = wandb.Api().run('a/b/c').history()\nx = df.val_loss.min()",
    "columns": "df = wandb.Api().run('a/b/c').history()\nx = df[['val_loss', '_step']]",
    "column asked for": "df = wandb.Api().run('a/b/c').history()\nif 'val_loss' in df.columns:\n    pass",
    "frame methods": "df = wandb.Api().run('a/b/c').history().dropna(subset=['val_loss']).reset_index()",
    "last row": "x = wandb.Api().run('a/b/c').history().iloc[-1]['val_loss']",
    "loc": "df = wandb.Api().run('a/b/c').history()\nx = df.loc[3, 'val_loss']",
    "iterrows": "for _, row in wandb.Api().run('a/b/c').history().iterrows():\n    print(row['val_loss'])",
    "a list of rows": "rows = list(wandb.Api().run('a/b/c').scan_history())\nx = rows[-1]['val_loss']",
    "rows as dicts": "for row in wandb.Api().run('a/b/c').history().to_dict('records'):\n    print(row['val_loss'])",
    "filled": "df = wandb.Api().run('a/b/c').history().fillna('none')\nx = df['val_loss']",
    "the first row": "row = next(iter(wandb.Api().run('a/b/c').scan_history()))\nprint(row['val_loss'])",
    "order": "x = wandb.Api().runs('a/b', order='-summary_metrics.val_loss')",
    "filter": "x = wandb.Api().runs('a/b', {'summary_metrics.val_loss': {'$lt': 1}})",
    "a report": "import wandb.apis.reports as wr\nwr.LinePlot(x='_step', y=['val_loss'])",
    "define_metric": "wandb.run.define_metric('val_loss', summary='min')",
    "define_metric, all of it": "wandb.define_metric('val_loss', step_metric='_step', hidden=True, summary='min')",
    "define_metric, by keywords": "wandb.define_metric(hidden=True, summary='min', name='val_loss', step_metric='_step')",
    "define_metric, a constant": "for name in ['val_loss']:\n    wandb.define_metric(name)",
}


@pytest.mark.parametrize("code", READS.values(), ids=READS)
def test_a_key_that_is_read_refuses(code: str) -> None:
    """It is the key that the reason names, and nothing else is a reason."""
    found = facts(code)
    assert found.refusals == []
    assert {use.key for use in found.key_uses} - {"_step"} == {"val_loss"}
    assert "val_loss" in combine([found]).refusal


@pytest.mark.parametrize("code", READS.values(), ids=READS)
def test_a_key_of_ones_own_does_not(code: str) -> None:
    """A use that can be followed to a key that the project writes itself."""
    assert project(code, own="wandb.log({'val_loss': 1})").refusal == ""
    assert project(code, own="wandb.run.summary.update({'val_loss': 1})").refusal == ""


@pytest.mark.parametrize("code", [code for code in READS.values() if ".val_loss" not in code])
def test_a_newer_key_does_not(code: str) -> None:
    """It is there after the rewrite."""
    assert project(code.replace("val_loss", "epoch/val_loss")).refusal == ""


@pytest.mark.parametrize("keys", ["both", "legacy"])
@pytest.mark.parametrize("code", READS.values(), ids=READS)
def test_with_the_old_keys_no_reader_refuses(code: str, keys: str) -> None:
    """All that is read is still there."""
    assert combine([facts(code)], keys).refusal == ""  # type: ignore[arg-type]


NOT_FOLLOWED = {
    "computed": ("x = wandb.run.summary[key]", "only known when it runs"),
    "computed get": ("def f(run, key='val_loss'):\n    return run.summary.get(key)", "only known when it runs"),
    "put together": ("x = wandb.run.summary[f'best_{m}']", "only known when it runs"),
    "computed in": ("x = key in wandb.run.summary", "only known when it runs"),
    "iterated": ("for key in wandb.run.summary:\n    print(key)", "goes over a whole run summary"),
    "in a comprehension": ("x = {k: 1 for k in wandb.run.summary.keys()}", "goes over a whole run summary"),
    "items": ("for k, v in run.summary.items():\n    pass", "goes over a whole run summary"),
    "unpacked": ("x = f(**wandb.run.summary)", "unpacks a whole run summary"),
    "unpacked in a dict": ("x = {**wandb.run.summary}", "a whole run summary"),
    "copied and printed": ("print(dict(wandb.run.summary))", "gives a whole run summary to print()"),
    "given": ("check(wandb.run.summary)", "gives a whole run summary to check()"),
    "given through a name": ("s = wandb.run.summary\njson.dump(s, f)", "gives a whole run summary to json.dump()"),
    "returned": ("def f():\n    return wandb.run.summary", "returns a whole run summary"),
    "stored": ("x['summary'] = wandb.run.summary", "stores a whole run summary"),
    "stored in an attribute": ("class A:\n    def f(self):\n        self.best = wandb.run.summary", "stores a whole run"),
    "an artifact": ("wandb.Api().artifact(f'me/p/model-{run.name}:best')", "uses the artifact"),
    "an artifact through a name": ("name = f'model-{run.name}:latest'\nrun.use_artifact(name)", "uses the artifact"),
    "artifacts": ("wandb.Api().artifacts('model', name='me/p/model-fast-bird')", "uses the artifact"),
    "matched": ("match wandb.run.summary:\n    case {'val_loss': x}:\n        pass", "a whole run summary"),
    "added to": ("x = wandb.run.summary | {}", "a whole run summary"),
    "as a list": ("x = list(wandb.run.summary)[0]", "only known when it runs"),
    "as a set": ("x = set(wandb.run.summary)", "gives a whole run summary to set()"),
    "in a list": ("x = [r.summary for r in wandb.Api().runs('a/b')]", "a whole run summary"),
    "in text": ("x = f'{wandb.run.summary}'", "a whole run summary"),
    "json dict": ("x.append(r.summary._json_dict)", "gives a whole run summary to x.append()"),
    "history given": ("df = wandb.Api().run('a/b/c').history()\nplot(df)", "the whole history of a run to plot()"),
    "history saved": ("wandb.Api().run('a/b/c').history().to_csv('x.csv')", "the whole history of a run for .to_csv"),
    "history keys": ("x = wandb.Api().run('a/b/c').scan_history(keys=names)", "only known when it runs"),
    "history turned": (
        "print(pd.DataFrame(list(wandb.Api().run('a/b/c').scan_history())).T)",
        "the whole history of a run for .T",
    ),
    "history drawn": ("wandb.Api().run('a/b/c').history().plot.line()", "the whole history of a run for .plot"),
    "rows of a table": ("x = dict(wandb.Api().run('a').history().iterrows())", "goes over the whole history of a run"),
    "rows as tuples": ("x = next(wandb.Api().run('a').history().itertuples())", "goes over the whole history of a run"),
    "rows, counted and given": ("use(enumerate(r.scan_history()))", "the whole history of a run to enumerate()"),
    "rows, counted under a name": ("rows = enumerate(r.history())\nfor i, row in rows: use(row[key])", "to enumerate()"),
    "a method handed on": ("each = run.summary.values\nprint(*each())", "reads the run summary"),
    "history column": ("df = r.history()\nx = df[metric]", "only known when it runs"),
    "a report": ("import wandb_workspaces.reports.v2 as wr\nwr.LinePlot(y=names)", "only known when it runs"),
    "the file": ("json.load(open('wandb/latest-run/files/wandb-summary.json'))", "names wandb-summary.json"),
    "define_metric": ("wandb.define_metric(name)", "only known when it runs"),
}  # fmt: skip


@pytest.mark.parametrize(("code", "why"), NOT_FOLLOWED.values(), ids=NOT_FOLLOWED)
def test_what_cannot_be_followed_refuses_and_says_so(code: str, why: str) -> None:
    """Whatever the project logs itself."""
    refusal = project(code, own="wandb.log({'val_loss': 1})").refusal
    assert why in refusal
    assert combine([facts(code)], "both").refusal == ""


NO_READERS = {
    "model.summary": "model.summary()\nsummary = model.summary\nsummary()",
    "model.summary, printed": "model.summary(print_fn=print)\nprint(model.summary())",
    "keras history": "history = model.fit(x, y)\nprint(history.history['val_loss'], history.epoch)",
    "keras history of a callback": "class C(keras.callbacks.Callback):\n    def f(self):\n        return self.model.history.history['loss']",
    "tf.summary": "import tensorflow as tf\ntf.summary.scalar('loss', 1)\nx = tf.summary\ny = x['val_loss']",
    "modules of that name": "import report.summary\nimport a.summary.b as s\nfrom x.summary import y\nfrom x import summary\ny()",
    "logs": "class C(Callback):\n    def on_epoch_end(self, epoch, logs):\n        print(logs['val_loss'], logs.get('loss'))",
    "a summary of one's own": "class R:\n    def f(self):\n        self.summary = {'val_loss': 1}\n        return self.summary['val_loss']",
    "a property of one's own": "class R:\n    @property\n    def summary(self):\n        return {}\n    def f(self):\n        return self.summary['loss']",
    "a dict": "summary = {'val_loss': 1}\nprint(summary['val_loss'], dict(summary))",
    "arguments": "import argparse\nargs = argparse.ArgumentParser().parse_args()\nif args.summary:\n    print(args.summary)",
    "a write": "wandb.run.summary['best_val_loss'] = 1\nwandb.run.summary.update({'val_loss': 2})",
    "a write and a read": "wandb.run.summary['best'] = 1\nprint(wandb.run.summary['best'])",
    "a write by attribute": "wandb.run.summary.best = 1\nprint(wandb.run.summary['best'])",
    "a write in place": "s = wandb.run.summary\ns['runs'] += 1",
    "deleted": "del wandb.run.summary['x']",
    "is None": "if wandb.run.summary is not None:\n    pass",
    "W&B's own keys": "print(wandb.run.summary['_runtime'], wandb.run.summary.get('_step'))",
    "asked for by name": "wandb.log({'score': 1})\ndf = wandb.Api().run('a/b/c').history(keys=['score'])\nplot(df)\nprint(df[key])",
    "its length": "print(len(wandb.run.summary), len(wandb.Api().run('a/b/c').history()))",
    "a table of one's own": "df = pd.DataFrame(x)\nprint(df['val_loss'])",
    "a column of one's own": "df = wandb.Api().run('a/b/c').history()\ndf['smooth'] = 1\nprint(df['smooth'])",
    "a run's other things": "run = wandb.Api().run('a/b/c')\nprint(run.config['x'], run.name, run.state)",
    "a function of another package": "from pandas import read_csv\nprint(read_csv('x').summary['val_loss'])",
    "share prices": "import yfinance as yf\nx = yf.Ticker('A').history(period='1y')['Close']",
    "wandb.plot of one's own table": "wandb.log({'chart': wandb.plot.line(table, 'epoch', 'val_loss')})",
    "define_metric of all": "wandb.define_metric('*', step_metric='epoch/epoch')",
    "an ignored line": "for k in wandb.run.summary:  # wandb-keras-compat: ignore\n    pass",
}  # fmt: skip


@pytest.mark.parametrize("code", NO_READERS.values(), ids=NO_READERS)
def test_what_is_no_reader(code: str) -> None:
    """Places that look like it."""
    assert project(code).refusal == ""


def test_what_others_update_is_not_logged() -> None:
    """Only a run's own methods log a key: the logs of a callback become the callback's keys."""
    assert (
        facts(
            "logs.update({'val_loss': 1})\nconfig.update({'lr': 1})\nimport logging\nlogging.getLogger().log({'a': 1})"
        ).logged
        == set()
    )
    assert facts("self.run.log(dict(a=1))\nwandb.log({'b': 1})\ns = run.summary\ns.update(c=2)").logged == {
        "a",
        "b",
        "c",
    }


SOURCES = ["wandb.run", "wandb.init()", "wandb.Api().run('a/b/c')", "wandb.Api().runs('a/b')[0]", "run"]
STEPS = ["{} or {{}}", "dict({})", "{}.copy()", "({} if x else None)", "{}._json_dict"]


@PROPERTY
@given(
    st.sampled_from(SOURCES),
    st.lists(st.tuples(st.sampled_from(STEPS), st.booleans()), max_size=4),
    st.sampled_from(["{}['val_loss']", "{}.get('val_loss')", "'val_loss' in {}"]),
)
def test_a_reader_is_seen_through_any_chain(source: str, steps: list[tuple[str, bool]], read: str) -> None:
    """Names in between or not: the key is found, and nothing that could not be followed."""
    lines, value = [], f"{source}.summary"
    for number, (step, named) in enumerate(steps):
        value = f"({step.format(value)})"
        if named:
            lines.append(f"n{number} = {value}")
            value = f"n{number}"
    found = facts("\n".join([*lines, f"print({read.format(value)})"]))
    assert (found.refusals, [use.key for use in found.key_uses]) == ([], ["val_loss"])


YAML = "program: train.py\nproject: {}\n# ours\nmethod: grid\nmetric:\n  name: val_loss\n"


def test_a_sweep_in_yaml_is_known_with_its_program_and_project() -> None:
    """What else has a metric and a project is none."""
    found = facts_of("sweep.yaml", "yaml", YAML.format("mnist").encode())
    assert [(use.file, use.line, use.key) for use in found.sweeps] == [("sweep.yaml", 6, "val_loss")]
    assert (found.programs, found.projects) == ({"train.py"}, {"mnist"})
    other = YAML.format("mnist").replace("program", "script").replace("method", "grid")
    assert facts_of("other.yaml", "yaml", other.encode()) == FileFacts()


def test_a_place_is_named_by_its_file_and_line() -> None:
    """In a reason to leave a callback nothing else says where to look."""
    sweep = facts("\nc = {'metric': {'name': 'val_loss'}, 'method': 'grid'}\n").sweeps
    tests = facts("from wandb.keras import WandbCallback\nisinstance(x, (A, WandbCallback))\n").instance_tests
    assert [(use.file, use.line) for use in (*sweep, *tests)] == [("read.py", 3), ("read.py", 3)]


@pytest.mark.parametrize(
    ("code", "what"), [("run.summary", "the run summary"), ("wandb.Api().run('a').history()", "the history of a run")]
)
def test_what_is_read_is_named(code: str, what: str) -> None:
    (known,), (unknown,) = facts(f"{code}['val_loss']").key_uses, facts(f"{code}[key]").refusals
    assert known.reason == f"reads {what} under the old key 'val_loss'"
    assert unknown.reason == f"reads {what} under a key that is only known when it runs"


@pytest.mark.parametrize("kinds", ["[WandbCallback]", "(WandbCallback, A)", "{'a': WandbCallback}", "{WandbCallback}"])
def test_the_class_in_a_collection_asks_nothing(kinds: str) -> None:
    found = facts(f"from wandb.keras import WandbCallback\nkinds = {kinds}\n")
    assert (found.refusals, found.instance_tests) == ([], [])


BROKEN, READS_IT, BOTH = "x = = 1", "print(run.config, 'history')", "print run.summary['val_loss']"


@pytest.mark.parametrize("cells", [[BROKEN], [READS_IT], [BROKEN, READS_IT], [BOTH], [BROKEN, BOTH], [READS_IT, BOTH]])
def test_a_cell_that_is_broken_and_may_read_a_run_is_a_reason(cells: list[str]) -> None:
    """Not one that does neither, or only one of the two."""
    found = [{"cell_type": "code", "source": source} for source in ("import wandb", *cells)]
    notebook = json.dumps({"nbformat": 4, "cells": found}, indent=1)
    line = next((at for at, text in enumerate(notebook.splitlines(), 1) if BOTH in text), 0)
    reason = "holds a cell that cannot be read, so what it reads back of W&B is unknown"
    expected = [KeyUse("n.ipynb", line, "", reason, own_process=True)] if BOTH in cells else []
    assert facts_of("n.ipynb", "notebook", notebook.encode()).refusals == expected
