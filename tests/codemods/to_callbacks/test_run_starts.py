"""How a program starts its runs: whether they go on from earlier ones, and whether batches are told one by one."""

from __future__ import annotations

import pytest
from wandb_keras_codemods.to_callbacks.key_readers import facts_of
from wandb_keras_codemods.to_callbacks.project import FileFacts


def facts(text: str) -> FileFacts:
    return facts_of("train.py", "python", text.encode())


@pytest.mark.parametrize(
    ("start", "resumes"),
    [
        ("wandb.init()", False),
        ("wandb.init(project='p', id='i')", False),
        ("wandb.init(*names)", False),
        ("wandb.init('allow')", False),
        *((f"wandb.init(project='p', resume={value})", False) for value in ("None", "False", "'never'", '"never"')),
        *((f"wandb.init(resume={value})", True) for value in ("True", "'allow'", "'must'", "'auto'", "resume")),
        ("wandb.init(**settings)", True),
        ("other.init(resume=True)", False),
        ("wandb.finish(resume=True)", False),
        ("os.environ['WANDB_RESUME'] = 'must'", True),
    ],
)
def test_a_run_that_may_be_an_earlier_one_is_seen_where_it_starts(start: str, resumes: bool) -> None:
    """Also where the arguments are in a mapping, that nobody can read."""
    assert facts(f"import os, wandb, other\n{start}\n").resumes == resumes
    assert facts(f"import os, wandb, other\n{start}\nwandb.init()\n").resumes == resumes


def test_several_batches_at_once_are_seen_by_the_argument() -> None:
    assert facts("model.compile(steps_per_execution=4)\n").groups_steps
    assert not facts("model.compile(loss)\n").groups_steps


@pytest.mark.parametrize(
    ("text", "named"), [("import wandb\n", True), ("x = 'WANDB'\n", True), ("run.summary\n", False)]
)
def test_wandb_is_named_in_whatever_letters(text: str, named: bool) -> None:
    assert facts(text).names_wandb == named
