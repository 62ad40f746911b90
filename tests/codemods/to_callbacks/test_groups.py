"""Scope: a refusal reaches the files that share keys with it, all of them and no others."""

from __future__ import annotations

import json
import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from wandb_keras_codemods.engine.project_scan import projects_of
from wandb_keras_codemods.engine.runner import Options, Summary, run
from wandb_keras_codemods.rules import selected
from wandb_keras_codemods.to_callbacks.key_readers import facts_of
from wandb_keras_codemods.to_callbacks.project import Keys

from ..tools import EXAMPLES, PROPERTY

HEAD = "import wandb\nfrom wandb.keras import WandbCallback\n"
FIT = "model.fit(x, callbacks=[WandbCallback(save_model=False)])\n"
TRAIN = HEAD + FIT
API_READER = "import wandb\nprint(wandb.Api().run(path).summary['best_val_loss'])\n"
OWN_READER = "print(wandb.run.summary['best_val_loss'])\n"


def train(*before: str, project: str = "", after: str = "") -> str:
    """A training program."""
    init = f"wandb.init(project={project!r})\n" if project else "wandb.init()\n"
    return HEAD + "".join(f"{line}\n" for line in before) + init + FIT + after


def migrate(folder: Path, files: dict[str, str], keys: Keys = "new") -> Summary:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return run([str(folder)], Options(selected(2), write=True, level=2, jobs=1, keys=keys))


def held(folder: Path, files: dict[str, str], keys: Keys = "new") -> set[str]:
    """The files whose legacy callback is still there after a migration."""
    migrate(folder, files, keys)
    return {name for name in files if "[WandbCallback(" in (folder / name).read_text()}


def notebook(*cells: str) -> str:
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    sources = [{**code, "source": cell} for cell in cells]
    return json.dumps({"cells": sources, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


# A course: many folders, one of them in trouble


def course(lessons: int) -> dict[str, str]:
    return {f"lesson_{number:03}/train.py": train() for number in range(lessons)}


TROUBLES = {
    "a broken file": {"old/notes.py": "import wandb\nprint run.summary['val_loss']\n"},
    "a reader": {"lesson_000/read.py": API_READER},
    "a sweep": {"lesson_000/sweep.py": "import wandb\nwandb.sweep({'method': m, 'metric': {'name': name}})\n"},
    "an agent": {"lesson_000/agent.py": "import wandb\nwandb.agent(sweep_id, main)\n"},
    "a question": {"lesson_000/find.py": HEAD + "isinstance(x, WandbCallback)\n"},
    "one's own run": {"lesson_000/train.py": train(after=OWN_READER)},
    "an option": {"lesson_000/train.py": TRAIN.replace("save_model=False", "**options")},
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_a_course_is_migrated_but_for_the_lesson_in_trouble(trouble: dict[str, str], tmp_path: Path) -> None:
    """121 files in folders, where it is the broken one: what one of them does holds back its own folder."""
    files = {**course(120 if "old/notes.py" in trouble else 8), **trouble}
    expected = set() if "old/notes.py" in files else {"lesson_000/train.py"}
    assert held(tmp_path, files) == expected


def test_a_broken_file_is_named_where_it_holds_nothing(tmp_path: Path) -> None:
    """It may read what has moved: that is not known to be nothing."""
    files = {**course(2), **TROUBLES["a broken file"]}
    (record,) = [record for record in migrate(tmp_path, files).records if record.action == "left"]
    assert (record.file, record.location.line, record.rule) == (str(tmp_path / "old/notes.py"), 2, "WK010")
    assert not any(record.rule == "WK010" for record in migrate(tmp_path / "both", files, "both").records)


def test_a_broken_lesson_holds_its_own_folder(tmp_path: Path) -> None:
    """It may hold a reader, and so may not be left alone with new keys beside it."""
    broken = {"lesson_001/read.py": "import wandb\nprint run.summary['a']\n", "lesson_001/more/train.py": train()}
    assert held(tmp_path, {**course(4), **broken}) == {"lesson_001/train.py", "lesson_001/more/train.py"}


def test_a_broken_cell_holds_its_notebook(tmp_path: Path) -> None:
    """If it may read what moves; the rest of the notebook is read."""
    for name, cell, refuses in [("a", "print run.summary['loss']", True), ("b", "print 'loss'", False)]:
        migrate(tmp_path, {f"{name}/train.ipynb": notebook(HEAD, cell, FIT)})
        assert ("[WandbCallback(" in (tmp_path / f"{name}/train.ipynb").read_text()) == refuses


def test_a_broken_file_that_reads_nothing_holds_nothing(tmp_path: Path) -> None:
    """Python 2 without a word of W&B's."""
    assert held(tmp_path, {**course(2), "lesson_001/a.py": "print 'summary'\n"}) == set()


# What joins

READ = "import wandb\n{}\ndef best(run):\n    return run.summary['best_val_loss']\n"
JOINED = {
    "import": {"a/train.py": train("import report"), "a/report.py": READ},
    "from the root": {"a/train.py": train("from b.report import best"), "b/report.py": READ, "b/__init__.py": ""},
    "a submodule": {"a/train.py": train("from b import report"), "b/report.py": READ, "b/__init__.py": ""},
    "through a package": {"a/train.py": train("from b import best"), "b/__init__.py": "from .x import best\n", "b/x.py": READ},
    "relative": {"p/a/train.py": train("from ..b import report"), "p/b/report.py": READ},
    "relative, one's own package": {"p/a/train.py": train("from . import report"), "p/a/report.py": READ},
    "src": {"tools/train.py": train("import pack.report"), "src/pack/report.py": READ},
    "any path": {"a/train.py": train("import sys", "sys.path.append('../lib2')", "import report"), "lib2/report.py": READ},
    "importlib": {"a/train.py": train("import importlib", "importlib.import_module('b.report')"), "b/report.py": READ},
    "in a function": {"a/train.py": train("def f():", "    import b.report"), "b/report.py": READ},
    "without a word of W&B": {"a/train.py": train("import report"), "a/report.py": "def best(r):\n    return r.summary['loss']\n"},
    "a model that was downloaded": {"a/train.py": train(), "a/x.py": "m = load_model('model-best.h5')\n"},
    "through a third": {"a/train.py": train("import common"), "common.py": "import b.report\n", "b/report.py": READ},
    "imported by": {"a/read.py": READ.format("import b.train"), "b/train.py": train()},
    "an api path": {"a/train.py": train(project="mnist"), "b/read.py": "import wandb\nfor run in wandb.Api().runs('me/mnist'):\n    print(run.summary['val_loss'])\n"},
    "an api path with a computed id": {"a/train.py": train(project="mnist"), "b/read.py": "import wandb\nrun = wandb.Api().run(f'{me}/mnist/{i}')\nprint(run.summary['loss'])\n"},
    "an api path with a computed end": {"a/train.py": train(project="mnist"), "b/read.py": API_READER.replace("path", "'me/mnist/' + run_id")},
    "an api path by format": {"a/train.py": train(project="mnist"), "b/read.py": API_READER.replace("path", "'{}/mnist/{}'.format(a, b)")},
    "an api path by %": {"a/train.py": train(project="mnist"), "b/read.py": API_READER.replace("path", "'me/mnist/%s' % run_id")},
    "an api path by constants": {"a/train.py": train(project="mnist"), "b/read.py": "import wandb\nP = 'mnist'\nrun = wandb.Api().run(f'me/{P}/{i}')\nprint(run.summary['loss'])\n"},
    "a variable": {"a/train.py": train("import os", "os.environ['WANDB_PROJECT'] = 'mnist'"), "b/read.py": API_READER.replace("path", "'me/mnist/3'")},
    "a variable with a default": {"a/train.py": train("os.environ.setdefault('WANDB_PROJECT', 'mnist')"), "b/read.py": API_READER.replace("path", "'me/mnist/3'")},
    "a line of a notebook": {"a/train.ipynb": notebook("%env WANDB_PROJECT=mnist", train()), "b/read.py": API_READER.replace("path", "'me/mnist/3'")},
    "a notebook that is run": {"a/train.ipynb": notebook("%run ../b/report.ipynb", train()), "b/report.ipynb": notebook(READ.format(""))},
    "a script that a notebook runs": {"b/train.py": train(), "a/look.ipynb": notebook("!python ../b/train.py", READ.format("run = wandb.init(id='x')"))},
    "both train": {"a/train.py": train(project="mnist"), "b/train.py": train(project="mnist", after=OWN_READER)},
    "a constant": {"a/train.py": HEAD + "P = 'mnist'\nwandb.init(project=P)\n" + FIT, "b/train.py": train(project="mnist", after=OWN_READER)},
    "a sweep's project": {"a/train.py": train(project="mnist"), "b/sweep.py": "import wandb\nwandb.sweep({'method': m, 'metric': {'name': name}}, project='mnist')\n"},
    "an agent's project": {"a/train.py": train(project="mnist"), "b/agent.py": "import wandb\nwandb.agent('me/mnist/x', main)\n"},
    "a program": {"a/train.py": train(), "b/sweep.yaml": "program: a/train.py\nmethod: grid\nmetric: {name: best_val_loss}\n"},
    "the folder": {"a/train.py": train(), "a/read.py": API_READER},
    "a folder above": {"a/b/c/train.py": train(), "a/read.py": API_READER},
    "beside the folder": {"train.py": train(), "tools/read.py": API_READER},
    "beside its folder": {"src/train.py": train(), "tools/read.py": API_READER},
    "a sweep in a folder of its own": {"src/train.py": train(), "sweeps/s.yaml": "method: grid\nmetric: {name: best_val_loss}\n"},
}  # fmt: skip


@pytest.mark.parametrize("files", JOINED.values(), ids=JOINED)
def test_what_shares_keys_is_held(files: dict[str, str], tmp_path: Path) -> None:
    """And a program that does not is migrated."""
    files = {name: text.format("") if text == READ else text for name, text in files.items()}
    expected = {name for name, text in files.items() if "[WandbCallback(" in text}
    if any(name.startswith(("tools/read", "sweeps/")) for name in files):
        expected.add("z/train.py")  # nothing shows that it is another's
    assert held(tmp_path / "tree", {**files, "z/train.py": train(project="another")}) == expected


APART = {
    "another project": {"a/train.py": train(project="mnist"), "b/train.py": train(project="cifar", after=OWN_READER)},
    "no project": {"a/train.py": train(), "b/train.py": train(after=OWN_READER)},
    "the same name in another folder": {"a/train.py": train("import report"), "a/report.py": "x = 1\n", "b/train.py": train("import report"), "b/report.py": READ.format("")},
    "a package of that name": {"a/train.py": train("import wandb.report"), "b/wandb/report.py": READ.format(""), "b/train.py": train("from wandb import report")},
    "another sweep's program": {"a/train.py": train(), "b/train.py": train(), "b/sweep.yaml": "program: train.py\nmethod: grid\nmetric: {name: best_val_loss}\n"},
    "a program in another folder": {"a/train.py": train(), "a/s.yaml": "program: b/train.py\nmethod: grid\nmetric: {name: best_val_loss}\n", "b/train.py": train()},
    "a summary of something else": {"a/train.py": train(), "a/x.py": "print(paper.summary['loss'], dict(paper.summary))\n", "b/train.py": train(after=OWN_READER)},
    "a folder above": {"a/train.py": train(), "a/b/train.py": train(), "a/b/read.py": API_READER},
    "the same metric in two sweeps": {"a/train.py": train(), "a/s.yaml": "program: train.py\nmethod: grid\nmetric: {name: val_loss}\n", "b/train.py": train(after=OWN_READER), "b/s.yaml": "program: train.py\nmethod: grid\nmetric: {name: val_loss}\n"},
}  # fmt: skip


@pytest.mark.parametrize("files", APART.values(), ids=APART)
def test_what_does_not_is_migrated(files: dict[str, str], tmp_path: Path) -> None:
    """Whatever looks alike."""
    assert "a/train.py" not in held(tmp_path, files)
    assert "b/train.py" in held(tmp_path, files) or "a/b/train.py" in held(tmp_path, files)


def test_what_is_migrated_already_still_counts(tmp_path: Path) -> None:
    """A reader of the newer keys beside its program is no reason for a program elsewhere."""
    newer = "from wandb.integration.keras import WandbMetricsLogger\nmodel.fit(x, callbacks=[WandbMetricsLogger()])\n"
    assert held(tmp_path, {"a/train.py": newer, "a/read.py": API_READER, "b/train.py": train()}) == set()


def test_a_sweep_is_renamed_if_its_own_group_is_rewritten(tmp_path: Path) -> None:
    """One group's callback stays and so does its sweep; the other's both move."""
    sweep = "program: train.py\nmethod: grid\nmetric: {name: val_loss}\n"
    kept = TRAIN.replace("save_model=False", "**options")
    files = {"a/train.py": train(), "a/s.yaml": sweep, "b/train.py": kept, "b/s.yaml": sweep}
    assert held(tmp_path, files) == {"b/train.py"}
    assert (tmp_path / "a/s.yaml").read_text() == sweep.replace("val_loss", "epoch/val_loss")
    assert (tmp_path / "b/s.yaml").read_text() == sweep


# What is said


@pytest.mark.parametrize(
    ("call", "then"),
    [
        ("save_model=False", "; with --keys both this call would be rewritten"),
        ("**options", "; with --keys both this call would be left too: "),
    ],
)
def test_the_reason_says_what_both_would_do(call: str, then: str, tmp_path: Path) -> None:
    """And where it comes from."""
    files = {"train.py": train().replace("save_model=False", call), "read.py": API_READER}
    (record,) = [record for record in migrate(tmp_path, files).records if record.action == "left"]
    assert "read.py:2 reads the run summary under the old key 'best_val_loss'" in record.reason
    assert then in record.reason


def test_the_reason_says_what_holds_with_both_too(tmp_path: Path) -> None:
    """A question for instances has no answer at either setting."""
    files = {"train.py": train("import find"), "find.py": HEAD + "isinstance(x, WandbCallback)\n"}
    reasons = [record.reason for record in migrate(tmp_path, files).records if record.file.endswith("train.py")]
    assert any("this call would be left too: for the same reason" in reason for reason in reasons)
    assert held(tmp_path, files, "both") == {"train.py"}


# Any tree

FOLDERS = ("", "a", "a/b", "c", "c/d")


@st.composite
def trees(draw: st.DrawFn) -> dict[str, tuple[str, str, list[str]]]:
    """Files by path: what each is, the W&B project it names, and the modules it imports."""
    paths = draw(st.lists(st.tuples(st.sampled_from(FOLDERS), st.integers(0, 2)), min_size=2, max_size=7, unique=True))
    names = [f"{folder}/m{number}.py".lstrip("/") for folder, number in paths]
    kinds = st.sampled_from(["train", "train and read own", "read api", "read own", "plain"])
    projects = st.sampled_from(["", "", "one", "two"])
    return {
        name: (draw(kinds), draw(projects), draw(st.lists(st.sampled_from(names), max_size=1)))
        for name in names
    }  # fmt: skip


def source(kind: str, project: str, imports: list[str]) -> str:
    lines = ["import wandb", *(f"import {name.removesuffix('.py').replace('/', '.')}" for name in imports)]
    if kind == "read api":
        lines.append(f"print(wandb.Api().run({f'me/{project}/1' if project else None!r}).summary['best_val_loss'])")
    elif project:
        lines.append(f"wandb.init(project={project!r})")
    text = "\n".join(lines) + "\n"
    if kind.startswith("train"):
        text += "from wandb.keras import WandbCallback\n" + FIT
    return text + (OWN_READER if "read own" in kind else "")


def expected_groups(tree: dict[str, tuple[str, str, list[str]]]) -> set[frozenset[str]]:
    """The rule once more, by reaching further and further from each file until nothing is new."""

    def closed(start: set[str], *joins: dict[str, set[str]]) -> set[str]:
        found = set(start)
        while more := {other for name in found for join in joins for other in join[name]} - found:
            found |= more
        return found

    def nearest(name: str, other: str) -> set[str]:
        """``import other`` of a path from the root: seen from each folder upwards."""
        folder = name.rpartition("/")[0]
        while True:
            if (seen := f"{folder}/{other}".lstrip("/")) in tree:
                return {seen}
            if not folder:
                return set()
            folder = folder.rpartition("/")[0]

    empty: dict[str, set[str]] = {name: set() for name in tree}
    imports, projects, folders = ({name: set(others) for name, others in empty.items()} for _ in range(3))
    for name, (_, project, others) in tree.items():
        for other in (found for each in others for found in nearest(name, each)):
            imports[name].add(other)
            imports[other].add(name)
        projects[name] |= {other for other in tree if project and tree[other][1] == project}
    # What a file that trains is imported by has the callback from it.
    users = {
        name: {
            user
            for user, (_, _, others) in tree.items()
            if name in {at for each in others for at in nearest(user, each)}
        }
        for name in tree
    }
    trainers = closed({name for name, (kind, _, _) in tree.items() if kind.startswith("train")}, users)
    for name, (kind, project, _) in tree.items():
        near = closed({name}, imports, projects)
        known = (
            bool(near & trainers) and bool(project) if kind == "read api" else bool(closed({name}, imports) & trainers)
        )
        if "read" not in kind or known:
            continue
        folder = name.rpartition("/")[0]
        below = {other for other in tree if not folder or other.startswith(folder + "/")}
        while not (below | near) & trainers and folder:
            folder = folder.rpartition("/")[0]
            below = {other for other in tree if not folder or other.startswith(folder + "/")}
        if (below | near) & trainers:
            for other in below:
                folders[name].add(other)
                folders[other].add(name)
    return {frozenset(closed({name}, imports, projects, folders)) for name in tree}


@settings(PROPERTY, max_examples=EXAMPLES // 5)
@given(trees())
def test_a_second_run_changes_nothing(tree: dict[str, tuple[str, str, list[str]]]) -> None:
    """What has been migrated still counts where the others' groups are told."""
    with TemporaryDirectory() as folder:
        files = {
            name: source(*told) + "wandb.log({'best_val_loss': 1})\n" * (told[1] == "two")
            for name, told in tree.items()
        }
        migrate(Path(folder), files)
        assert run([folder], Options(selected(2), level=2, jobs=1)).changed == []


@PROPERTY
@given(trees(), st.randoms(use_true_random=False), st.sampled_from(["/tree/", "/"]))
@example(
    {"a/m0.py": ("read api", "", []), "a/m1.py": ("read api", "", ["c/m0.py"]), "c/m0.py": ("train", "", [])}
    | {"m0.py": ("train", "", [])},
    random.Random(0),
    "/tree/",
)
@example({"m0.py": ("read api", "", []), "a/m1.py": ("train", "", [])}, random.Random(0), "/")
def test_groups_follow_the_rule_in_any_order(
    tree: dict[str, tuple[str, str, list[str]]], order: random.Random, root: str
) -> None:
    """A refusal never reaches a file that is not joined to it, and always one that is; at the root of the disk, too."""
    names = list(tree)
    order.shuffle(names)
    facts = {root + name: facts_of(root + name, "python", source(*tree[name]).encode()) for name in names}
    projects = projects_of(facts, "new")
    expected = expected_groups(tree)
    expected_refused = {
        name for group in expected for name in group if any("read" in tree[other][0] for other in group)
    }
    for name in tree:
        refused = bool(projects.of(root + name).refusal)
        assert refused == (name in expected_refused), (name, projects.of(root + name).refusal)
    reasons = {projects.of(root + name).refusal for name in tree}
    again = projects_of({name: facts[name] for name in sorted(facts)}, "new")
    assert reasons == {again.of(root + name).refusal for name in tree}
