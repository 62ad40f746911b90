"""The gates: what the rest of a project says."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wandb_keras_codemods.engine.runner import Options, Summary, run
from wandb_keras_codemods.rules import selected
from wandb_keras_codemods.to_callbacks.project import FileFacts, Keys, KeyUse, Project, combine

from ..tools import tree

TRAIN = (
    "import wandb\nfrom wandb.keras import WandbCallback\nmodel.fit(x, callbacks=[WandbCallback(save_model=False)])\n"
)
MIGRATED = (
    "import wandb\nfrom wandb_keras_compat import WandbMetricsLogger\nmodel.fit(x, callbacks=[WandbMetricsLogger()])\n"
)
SHIMMED = TRAIN.replace("wandb.keras", "wandb_keras_compat")
SWEEP = 'c = {{"method": "grid", "metric": {{"name": {}, "goal": "minimize"}}, "parameters": {{}}}}\nwandb.sweep(c)\n'


def migrate(
    folder: Path, files: dict[str, str], *paths: str, skip: frozenset[str] = frozenset(), keys: Keys = "new"
) -> Summary:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    targets = [str(folder / path) for path in paths] or [str(folder)]
    return run(targets, Options(selected(2, skip=skip), write=True, level=2, jobs=1, keys=keys))


GATES = {
    "best value": ("print(run.summary['best_val_loss'])\n", "best_val_loss"),
    "best value, get": ("print(run.summary.get('best_epoch'))\n", "best_epoch"),
    "raw key": ("print(wandb.run.summary['val_loss'])\n", "val_loss"),
    "computed key": ("print(run.summary[key])\n", "only known when it runs"),
    "whole summary": ("print(run.summary._json_dict)\n", "whole run summary"),
    "summary items": ("print(dict(run.summary.items()))\n", "whole run summary"),
    "define_metric": ("wandb.define_metric('val_loss', summary='min')\n", "defines the metric"),
    "define_metric, step": ("wandb.define_metric('*', step_metric='epoch')\n", "defines the metric"),
    "scan_history": ("rows = run.scan_history(keys=['loss'])\n", "history of a run"),
    "history": ("rows = wandb.Api().run('a').history()\nprint(rows)\n", "history of a run"),
    "order": ("wandb.Api().runs('a', order='-summary_metrics.val_loss')\n", "queries the summary"),
    "restore": ("wandb.restore('model-best.h5')\n", "names model-best"),
    "restore, f-string": ("wandb.restore(f'{d}/model-best.h5')\n", "names model-best"),
    "artifact": ("run.use_artifact('model-fast-bird:latest')\n", "artifact model-<run name>"),
    "isinstance": ("from wandb.keras import WandbCallback as W\nisinstance(x, W)\n", "an instance of the legacy class"),
    "isinstance, of several": (
        "import wandb\nisinstance(x, (A, wandb.keras.WandbCallback))\n",
        "an instance of the legacy class",
    ),
    "agent": ("wandb.agent('id', f)\n", "whose configuration is not in the project"),
}


@pytest.mark.parametrize(("reader", "why"), GATES.values(), ids=GATES)
def test_a_reader_anywhere_refuses(reader: str, why: str, tmp_path: Path) -> None:
    """One place that reads what would move keeps every callback, and is named."""
    summary = migrate(tmp_path, {"train.py": TRAIN, "tools/reader.py": "import wandb\n" + reader})
    assert (tmp_path / "train.py").read_text() == SHIMMED
    (left,) = [record for record in summary.records if record.action == "left" and record.file.endswith("train.py")]
    assert why in left.reason
    assert "reader.py:" in left.reason


EQUIVALENT = (
    "import wandb\nfrom wandb_keras_compat import WandbBestSummary, WandbGraphLogger, WandbMetricsLogger\n"
    'model.fit(x, callbacks=[WandbGraphLogger(), WandbMetricsLogger(keys="{}"), WandbBestSummary()])\n'
)


@pytest.mark.parametrize(
    ("module", "why"),
    [
        ("from wandb.keras import WandbCallback as W\npartial(W, mode='min')\n", "passes the legacy class about"),
        ("import wandb\nclass C(wandb.keras.WandbCallback): pass\n", "subclasses"),
        ("import wandb\nprint run.summary['a']\n", "cannot be read"),
    ],
)
def test_a_module_that_is_imported_refuses(module: str, why: str, tmp_path: Path) -> None:
    """What it does with the class, or may read, concerns the programs that import it."""
    summary = migrate(tmp_path, {"train.py": "from tools import use\n" + TRAIN, "tools/use.py": module, "b.py": TRAIN})
    assert (tmp_path / "train.py").read_text() == "from tools import use\n" + SHIMMED
    assert (tmp_path / "b.py").read_text() == MIGRATED
    left = [record for record in summary.records if record.action == "left" and record.file.endswith("train.py")]
    assert [why in record.reason for record in left] == [True]


@pytest.mark.parametrize("keys", ["both", "legacy"])
@pytest.mark.parametrize("reader", GATES)
def test_with_the_old_keys_no_reader_refuses(reader: str, keys: Keys, tmp_path: Path) -> None:
    """All that they read is still there; only who asks for instances of the class would find none."""
    text, why = GATES[reader]
    summary = migrate(tmp_path, {"train.py": TRAIN, "tools/reader.py": "import wandb\n" + text}, keys=keys)
    if "instance" in why:
        assert (tmp_path / "train.py").read_text() == SHIMMED
        assert any(why in record.reason for record in summary.records if record.file.endswith("train.py"))
    else:
        assert (tmp_path / "train.py").read_text() == EQUIVALENT.format(keys)


@pytest.mark.parametrize("keys", ["new", "both", "legacy"])
def test_a_call_that_asks_for_its_keys_itself_gets_them(keys: Keys, tmp_path: Path) -> None:
    """Or is told with which option."""
    text = SHIMMED.replace("save_model=False", f"save_model=False, keys='{keys}'")
    for asked in ("new", "both", "legacy"):
        summary = migrate(tmp_path / asked, {"train.py": text}, keys=asked)
        assert ("WandbMetricsLogger(" in (tmp_path / asked / "train.py").read_text()) is (asked == keys)
        assert any(f"--keys {keys}" in record.reason for record in summary.records) is (asked != keys)


PLACES = st.builds(KeyUse, st.sampled_from(["a.py", "b.py"]), st.integers(1, 2), st.just(""), st.just("reads it"))


@given(st.lists(PLACES, min_size=1, max_size=6), st.lists(PLACES, max_size=2))
def test_a_reason_is_the_first_place_and_how_many_more_there_are(reads: list[KeyUse], asks: list[KeyUse]) -> None:
    """With both names of metrics only those count that ask for instances."""
    project = combine([FileFacts(refusals=reads), FileFacts(instance_tests=asks)])
    for said, places in ((project.refusal, {*reads, *asks}), (project.refusal_of_both, set(asks))):
        more = {0: "", 1: "", 2: " (and 1 more such place)"}.get(
            len(places), f" (and {len(places) - 1} more such places)"
        )
        first = min(places, default=None)
        assert said == (f"{first.file}:{first.line} reads it{more}" if first else "")


def test_a_file_alone_is_a_project_of_which_nothing_is_known() -> None:
    """As standard input is."""
    assert Project() == combine([]) == combine([FileFacts()])


HARMLESS = {
    "a key of one's own": "wandb.log({'score': 1})\nprint(wandb.run.summary['score'])\n",
    "a summary value of one's own": "run.summary['best_val_loss'] = 1\n",
    "model.summary": "model.summary()\n",
    "keras history": "h = model.fit(x)\nprint(h.history['val_loss'])\n",
    "new keys": "print(run.summary['epoch/val_loss'])\nwandb.define_metric('epoch/*', step_metric='epoch/epoch')\n",
    "an ignored line": "print(run.summary['best_val_loss'])  # wandb-keras-compat: ignore\n",
    "what level 2 writes": "x = 'model-best.keras'\n",
}


@pytest.mark.parametrize("reader", HARMLESS.values(), ids=HARMLESS)
def test_what_is_no_reader(reader: str, tmp_path: Path) -> None:
    """Places that look like it and are not."""
    migrate(tmp_path, {"train.py": TRAIN, "reader.py": "import wandb\n" + reader})
    assert (tmp_path / "train.py").read_text() == MIGRATED


SWEEPS = {
    "dict": (SWEEP.format('"val_loss"'), SWEEP.format('"epoch/val_loss"')),
    "assigned": ('c["metric"] = {"goal": "maximize", "name": \'val_acc\'}\n', 'c["metric"] = {"goal": "maximize", "name": \'epoch/val_acc\'}\n'),
    "key by key": ('c["metric"]["name"] = "val_loss"\n', 'c["metric"]["name"] = "epoch/val_loss"\n'),
    "dict()": ('c["metric"] = dict(name="loss", goal="minimize")\n', 'c["metric"] = dict(name="epoch/loss", goal="minimize")\n'),
    "new already": (SWEEP.format('"epoch/val_loss"'), SWEEP.format('"epoch/val_loss"')),
    "one's own": ('wandb.log({"val_loss": 1})\n' + SWEEP.format('"val_loss"'), 'wandb.log({"val_loss": 1})\n' + SWEEP.format('"val_loss"')),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), SWEEPS.values(), ids=SWEEPS)
def test_a_sweep_moves_with_the_code(before: str, after: str, tmp_path: Path) -> None:
    """In whatever form the metric is written."""
    migrate(tmp_path, {"train.py": TRAIN, "sweep.py": "import wandb\n" + before})
    assert (tmp_path / "train.py").read_text() == MIGRATED
    assert (tmp_path / "sweep.py").read_text() == "import wandb\n" + after


@pytest.mark.parametrize(
    ("sweep", "why"),
    [
        (SWEEP.format("name"), "only known when it runs"),
        (SWEEP.format('"best_val_loss"'), "best_val_loss"),
    ],
)
def test_a_sweep_that_cannot_move_refuses(sweep: str, why: str, tmp_path: Path) -> None:
    """Its metric has no new name, or none that can be seen."""
    summary = migrate(tmp_path, {"train.py": TRAIN, "sweep.py": "import wandb\n" + sweep})
    assert (tmp_path / "train.py").read_text() == SHIMMED
    assert (tmp_path / "sweep.py").read_text() == "import wandb\n" + sweep
    assert any(why in record.reason for record in summary.records if record.action == "left")


YAML = "program: train.py\nmethod: bayes\nmetric:\n  name: 'val_loss'  # the metric\nparameters: {}\n"


def test_yaml_moves_with_the_code(tmp_path: Path) -> None:
    """Comments and quotes kept."""
    migrate(tmp_path, {"train.py": TRAIN, "sweep.yaml": YAML})
    assert (tmp_path / "sweep.yaml").read_text() == YAML.replace("val_loss", "epoch/val_loss")
    assert (tmp_path / "train.py").read_text() == MIGRATED


@pytest.mark.parametrize(
    "more",
    [
        "b = [WandbCallback(log_weights=True)]\n",
        "b = [WandbCallback(save_model=False)]  # wandb-keras-compat: ignore\n",
    ],
)
def test_one_callback_that_stays_keeps_sweep_and_code(more: str, tmp_path: Path) -> None:
    """All or nothing: half a program on each name would optimise nothing."""
    train, other = "import b\n" + TRAIN, "from wandb.keras import WandbCallback\n" + more
    summary = migrate(tmp_path, {"train.py": train, "b.py": other, "c.py": TRAIN, "sweep.yaml": YAML})
    assert (tmp_path / "sweep.yaml").read_text() == YAML
    assert (tmp_path / "train.py").read_text() == "import b\n" + SHIMMED
    assert (tmp_path / "c.py").read_text() == MIGRATED, "another program than the sweep's"
    assert any("cannot be rewritten" in record.reason for record in summary.records if record.file.endswith("train.py"))


@pytest.mark.parametrize("keys", ["both", "legacy"])
def test_with_the_old_keys_sweeps_stay(keys: Keys, tmp_path: Path) -> None:
    """They go on with what they optimise, whether all callbacks can be rewritten or not; with both, a note says so."""
    files = {"train.py": TRAIN, "b.py": TRAIN.replace("save_model=False", "**k"), "sweep.yaml": YAML}
    summary = migrate(tmp_path, {**files, "sweep.py": "import wandb\n" + SWEEP.format('"best_val_loss"')}, keys=keys)
    assert (tmp_path / "train.py").read_text() == EQUIVALENT.format(keys)
    assert (tmp_path / "sweep.yaml").read_text() == YAML
    assert not any(record.file.endswith(("sweep.yaml", "sweep.py")) for record in summary.records)
    noted = any("sweeps stay on best_val_loss, val_loss" in record.reason for record in summary.records)
    assert noted == (keys == "both")


def test_a_sweep_without_code_keeps_its_name(tmp_path: Path) -> None:
    """Nothing is rewritten that would log the new key."""
    assert migrate(tmp_path, {"sweep.yaml": YAML, "x.py": "import wandb\n"}).changed == []


def test_a_sweep_rule_that_is_off_refuses(tmp_path: Path) -> None:
    """Code is not rewritten away from a sweep that may not be touched."""
    migrate(tmp_path, {"train.py": TRAIN, "sweep.yaml": YAML}, skip=frozenset({"WK103"}))
    assert (tmp_path / "train.py").read_text() == SHIMMED


def test_the_rest_of_the_repository_is_read(tmp_path: Path) -> None:
    """One directory is migrated, its repository's readers and sweeps are seen, and nothing outside is written."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    summary = migrate(tmp_path, {"src/train.py": TRAIN, "sweep.yaml": YAML}, "src")
    assert tree(tmp_path / "src")["train.py"].decode() == SHIMMED
    assert any("not among the files to migrate" in record.reason for record in summary.records)
    assert (tmp_path / "sweep.yaml").read_text() == YAML


BATCHES = TRAIN.replace("save_model", "log_batch_frequency=2, save_model")
COMPILED = "def build(model):\n    model.compile('sgd', 'mse', steps_per_execution=4)\n    return model\n"


@pytest.mark.parametrize("keys", ["new", "both"])
@pytest.mark.parametrize("place", ["the same file", "another file"])
def test_batches_that_come_several_at_once_are_counted_in_another_way(place: str, keys: Keys, tmp_path: Path) -> None:
    """``log_batch_frequency`` counted executions, ``log_freq`` counts batches."""
    files = {"train.py": COMPILED + BATCHES} if place == "the same file" else {
        "models.py": COMPILED, "train.py": f"from models import build\n{BATCHES}",
    }  # fmt: skip
    summary = migrate(tmp_path, files, keys=keys)
    assert "counted executions" in str(summary.outcomes)
    assert "log_batch_frequency=2" in (tmp_path / "train.py").read_text()


def test_epochs_are_counted_alike_however_many_batches_come_at_once(tmp_path: Path) -> None:
    migrate(tmp_path, {"train.py": COMPILED + TRAIN})
    assert "WandbMetricsLogger()" in (tmp_path / "train.py").read_text()


RESUMED = {
    'wandb.init(id="a", resume="must")': True,
    "wandb.init(id='a', resume=given.resume)": True,
    "wandb.init(**settings)": True,
    "os.environ['WANDB_RESUME'] = 'allow'": True,
    "wandb.init(resume='never')": False,
    "wandb.init(resume=None)": False,
    "wandb.init()": False,
    "load(resume=True)": False,
}


@pytest.mark.parametrize(("start", "goes_on"), RESUMED.items(), ids=list(RESUMED))
def test_the_best_value_of_a_run_that_goes_on_does_not_stay_what_it_was(
    start: str, goes_on: bool, tmp_path: Path
) -> None:
    """The summary of a resumed run has the ``best_...`` of before, and would keep it for ever."""
    migrate(tmp_path, {"train.py": TRAIN.replace("model.fit", f"{start}\nmodel.fit")})
    assert ("WandbBestSummary()" in (tmp_path / "train.py").read_text()) is goes_on
