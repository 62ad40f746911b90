"""Which W&B projects a program names."""

from __future__ import annotations

import pytest
from wandb_keras_codemods.to_callbacks.key_readers import facts_of
from wandb_keras_codemods.to_callbacks.wandb_projects import projects_set_by

NAMED = {
    "of a run": "wandb.init(project='p')",
    "of a run, by a variable": "name = 'p'\nwandb.init(project=name)",
    "of one's own init": "from wandb import init\ninit(project='p')",
    "by overrides": "wandb.Api(overrides={**more, 'entity': 'e', 'project': 'p'})",
    "of a sweep": "wandb.sweep(c, project='p')",
    "of a sweep, by its place": "wandb.sweep(c, 'e', 'p')",
    "of an agent": "wandb.agent('i', f, 'e', 'p')",
    "of an agent, by the sweep": "wandb.agent('e/p/i', f)",
    "of a file": "wandb.restore('f', run_path='e/p/i')",
    "by the environment": "os.environ['WANDB_PROJECT'] = 'p'",
    "by a default of it": "os.environ.setdefault('WANDB_PROJECT', 'p')",
    "by putenv": "os.putenv('WANDB_PROJECT', 'p')",
    "by an update": "os.environ.update({'X': 'q', 'WANDB_PROJECT': 'p'})",
    "of a run that is read": "wandb.Api().run('e/p/i')",
    "by a keyword": "wandb.Api().run(path='e/p/i')",
    "by an address": "wandb.Api().run('/e/p/runs/i')",
    "by its end": "wandb.Api().run('p/i')",
    "of runs": "wandb.Api().runs('e/p')",
    "of runs of one's own": "wandb.Api().runs('p')",
    "of a sweep that is read": "wandb.Api().sweep('e/p/i')",
    "of a path": "wandb.Api().from_path('e/p/i')",
    "beside what is computed, f-string": "wandb.Api().run(f'{e}/p/{i}')",
    "in an f-string": "P = 'p'\nwandb.Api().run(f'{e}/{P}/{i}')",
    "beside what is computed, +": "wandb.Api().run(e + '/p/' + i)",
    "beside what is computed, %": "wandb.Api().run('%s/p/%d' % (e, i))",
    "beside what is computed, format": "wandb.Api().run('{}/p/{i:d}'.format(e, i=i))",
}
COMPUTED = {
    "an argument": "wandb.Api().run(path)",
    "no argument": "wandb.Api().runs()",
    "an id": "wandb.Api().run('i')",
    "in an f-string": "wandb.Api().run(f'{e}/{p}/i')",
    "a part of the name": "wandb.Api().run(f'{e}/p{n}/i')",
    "in %": "wandb.Api().run('e/%s/i' % p)",
    "in format": "wandb.Api().run('e/{}/i'.format(p))",
}
NO_PROJECT = {
    "of another package": "other.init(project='p')",
    "a key of another mapping": "c = {'project': 'p'}\nc['project'] = 'p'",
    "another variable": "os.environ['WANDB_ENTITY'] = 'p'\nos.environ.setdefault('WANDB_ENTITY', 'p')",
    "a default that is asked for": "os.environ.get('WANDB_PROJECT', 'p')",
    "an entity": "wandb.sweep(c, 'p')\nwandb.agent('i', f, 'p')",
    "a place where init has none": "wandb.init('p', 'p', 'p', 'p')",
    "another's run": "other.run('e/p/i')",
    "the path of an artifact": "wandb.Api().artifact('e/p/i')",
    "other overrides": "wandb.Api(overrides={'entity': 'p'})",
}  # fmt: skip


def projects(code: str) -> tuple[set[str], bool]:
    facts = facts_of("a.py", "python", f"import os, other, wandb\n{code}\n".encode())
    return facts.projects, facts.computed_projects


@pytest.mark.parametrize("code", NAMED.values(), ids=NAMED)
def test_a_project_is_known_where_its_name_stands_in_the_module(code: str) -> None:
    assert projects(code) == ({"p"}, False)


@pytest.mark.parametrize("code", COMPUTED.values(), ids=COMPUTED)
def test_runs_of_a_project_that_only_the_program_knows_may_be_of_any(code: str) -> None:
    assert projects(code) == (set(), True)


@pytest.mark.parametrize("code", NO_PROJECT.values(), ids=NO_PROJECT)
def test_what_names_no_project(code: str) -> None:
    assert projects(code) == (set(), False)


def test_one_of_several_projects_that_is_computed_hides_the_others_not() -> None:
    lines = ["wandb.Api().run(path)", "wandb.Api().run('e/p/i')"]
    assert projects("\n".join(lines)) == projects("\n".join(lines[::-1])) == ({"p"}, True)
    assert projects("wandb.Api().run('e/p/i' if x else 'e/q/i')\n") == ({"p", "q"}, False)


def test_a_line_of_a_cell_sets_a_project() -> None:
    """A magic for the environment, or a shell line."""
    cell = (
        "x = 1\n%env WANDB_PROJECT=p-1\n  %env WANDB_PROJECT q\n!export WANDB_PROJECT='r.s'\n# %env WANDB_PROJECT=t\n"
    )
    assert projects_set_by(cell) == [
        (cell.index(line), name) for line, name in [("%env", "p-1"), ("  %env", "q"), ("!export", "r.s")]
    ]
