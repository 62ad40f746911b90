"""Migrated programs do what they did: a selection by default, all of them as whole; and a judge that notices when not."""

from __future__ import annotations

import ast
import importlib.util
import pathlib
import pickle
from collections.abc import Callable

import pytest

from wandb_keras_compat.parity.migration import documented
from wandb_keras_compat.parity.migration.drawn import NUMBER, drawn
from wandb_keras_compat.parity.migration.judge import Verdict
from wandb_keras_compat.parity.migration.migrated import SETTINGS, Migrated
from wandb_keras_compat.parity.migration.program import FORMS, Program, cells
from wandb_keras_compat.parity.migration.programs_of import GROUPS, programs
from wandb_keras_compat.parity.migration.run import Case, cases, judged

from ..conftest import once

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3000),
    pytest.mark.skipif(importlib.util.find_spec("libcst") is None, reason="the codemods need LibCST"),
]

#: One of each fault that was found by running, and of each way to be left; the first is a notebook, too.
SELECTION = (
    "catalogue/loop_of_fits", "catalogue/attribute_in_fit", "catalogue/reads_of_a_dictionary",
    "catalogue/checkpoint_path_of_epochs", "catalogue/subclass_by_attribute", "catalogue/sweep_of_a_dictionary",
)  # fmt: skip
SELECTED = [
    case for number, name in enumerate(SELECTION) for case in cases(programs(name), forms=FORMS if number < 1 else FORMS[:1])
]  # fmt: skip

# --- programs that are broken by hand after they were migrated -------------------------------------------------------------

_BEGIN = """\
import numpy as np
import tensorflow as tf
import wandb
from wandb.keras import WandbCallback

tf.keras.utils.set_random_seed(1)
x = np.random.rand(12, 4, 4, 1).astype("float32")
y = np.eye(3, dtype="float32")[np.random.randint(0, 3, 12)]
model = tf.keras.Sequential([tf.keras.Input((4, 4, 1)), tf.keras.layers.Flatten(), tf.keras.layers.Dense(3, activation="softmax")])
model.compile(tf.keras.optimizers.SGD(0.1), "categorical_crossentropy")
run = wandb.init(project="broken")
"""
_SAVES = """\
model.fit(x, y, epochs=2, verbose=0, validation_data=(x, y), callbacks=[WandbCallback(save_graph=False)])
print("trained", len(model.layers))
"""
_SHOWS = """\
model.fit(
    x, y, epochs=2, verbose=0, validation_data=(x, y),
    callbacks=[WandbCallback(input_type="image", log_evaluation=True, predictions=5, validation_data=(x, y), save_model=False)],
)
"""
_SAVES_THE_LAST = """\
for scale in (1, 9):
    model.set_weights([weight * scale for weight in model.get_weights()])
    model.fit(x, y, epochs=1, verbose=0, validation_data=(x, y), callbacks=[WandbCallback(save_graph=False)])
"""


def _patched(name: str, body: str) -> str:
    return f"_log_before = wandb.{name}\nwandb.{name} = lambda first, *more, **named: {body}\n"


_OFF = _patched(
    "log", "_log_before({k: v + 1e-3 if k.endswith('val_loss') else v for k, v in first.items()}, *more, **named)"
)
_FORGETS = _patched(
    "log_artifact",
    "_log_before(first, *more, **{**named, 'aliases': [a for a in named.get('aliases') or [] if a == 'latest']})",
)

#: Name to the program, and what breaks it: from a text that has to be there, to another.
BROKEN: dict[str, tuple[str, str, str]] = {
    "a lost picture": (_SHOWS, "predictions=5", "predictions=4"),
    "lost rows of a table": (_SHOWS, "validation_data=(x, y)", "validation_data=(x[1:], y[1:])"),
    "a value that is off": (_SAVES, "model.fit(", f"{_OFF}model.fit("),
    "an alias that is lost": (_SAVES, "model.fit(", f"{_FORGETS}model.fit("),
    "an epoch that is lost": (_SAVES, "epochs=2", "epochs=1"),
    "a key of its own": (_SAVES, "print(", "wandb.log({'more': 1})\nprint("),
    "a summary of its own": (_SAVES, "print(", "run.summary['more'] = 1\nprint("),
    "other weights": (_SAVES, "x, y, epochs=2", "x[::-1], y, epochs=2"),
    "another line": (_SAVES, "trained", "fitted"),
    "another file": (_SAVES, "print(", "open('more.txt', 'w').write('more')\nprint("),
    "an exception": (_SAVES, "print(", "print({}['gone'])\nprint("),
    "an exit": (_SAVES, "print(", "raise SystemExit(3)\nprint("),
}
_IN_BOTH = ("a value that is off", "a lost picture")
_BROKEN_CASES = [
    Case(Program("broken", name, _BEGIN + body), "script", setting)
    for name, (body, _, _) in BROKEN.items()
    for setting in (["new", "both"] if name in _IN_BOTH else ["new"])
] + [Case(Program("broken", "the best of the last fit", _BEGIN + _SAVES_THE_LAST), "script", "new")]


def _break(case: Case, migrated: Migrated) -> None:
    if case.program.group != "broken":
        return
    text = migrated.path.read_text()
    if case.program.name == "the best of the last fit":
        broken = text.replace("best_of_run=True", "best_of_run=False")
    else:
        _, good, bad = BROKEN[case.program.name]
        assert good in text, text
        broken = text.replace(good, bad)
    migrated.path.write_text(broken)


@pytest.fixture(scope="module")
def verdicts(shared: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Case, Verdict]:
    """Of the selection and of what is broken: all in one process before, and one after; by one worker for all."""
    wanted, place = [*SELECTED, *_BROKEN_CASES], shared / "migration-verdicts.pickle"

    def judge() -> None:
        place.write_bytes(pickle.dumps(judged(wanted, tmp_path_factory.mktemp("migration"), mend=_break)))

    once(place, judge)
    return dict(zip(wanted, pickle.loads(place.read_bytes())))


@pytest.mark.parametrize("case", SELECTED, ids=lambda case: f"{case.program}-{case.form}-{case.setting}")
def test_a_migrated_program_does_what_it_did(case: Case, verdicts: dict[Case, Verdict]) -> None:
    verdict = verdicts[case]
    assert verdict.good, "\n".join([verdict.outcome, *verdict.said])


@pytest.mark.parametrize("case", _BROKEN_CASES, ids=lambda case: f"{case.program.name}-{case.setting}")
def test_a_program_that_is_broken_is_noticed(case: Case, verdicts: dict[Case, Verdict]) -> None:
    wanted = "fails" if "exception" in case.program.name or "exit" in case.program.name else "differs"
    assert verdicts[case].outcome == wanted, verdicts[case].said


@pytest.mark.whole
@pytest.mark.parametrize("group", GROUPS)
def test_all_programs_do_what_they_did(group: str, tmp_path: pathlib.Path) -> None:
    found = [verdict for verdict in judged(cases(programs(group)), tmp_path) if not verdict.good]
    assert not found, "\n".join(
        f"{each.program} ({each.setting}, {each.form}) {each.outcome} {each.said}" for each in found
    )


# --- the programs -----------------------------------------------------------------------------------------------------------


def test_every_documented_use_is_a_program() -> None:
    from wandb_keras_compat.parity import documented_uses

    assert [name for name, _ in documented.scripts()] == list(documented_uses.USES)


def test_the_drawn_programs_are_the_same_each_time_and_none_is_drawn_twice() -> None:
    assert drawn(20) == drawn(20)
    assert len(set(drawn(NUMBER))) == NUMBER


@pytest.mark.parametrize("name", ["catalogue", "documented", "drawn"])
def test_a_notebook_has_the_statements_of_the_script(name: str) -> None:
    for program in programs(name):
        sources = cells(program.text)
        assert ast.dump(ast.parse("\n\n".join(sources))) == ast.dump(ast.parse(program.text)), program
        assert all(ast.parse(source).body for source in sources), program


def test_programs_are_found_by_name() -> None:
    assert [str(program) for program in programs("catalogue/loop_of_fits")] == ["catalogue/loop_of_fits"]
    assert {program.group for program in programs("documented", "catalogue/import_*")} == {"documented", "catalogue"}
    assert programs("catalogue/no_such_program") == []
    assert set(SETTINGS) == {"compat", "both", "new"}


@pytest.mark.whole
def test_a_program_that_ends_its_process_does_not_end_the_others(tmp_path: pathlib.Path) -> None:
    texts = {"ends": "import os\nos._exit(4)\n", "goes on": "print('on')\n", "exits": "raise SystemExit('gone')\n"}
    wanted = cases([Program("own", name, text) for name, text in texts.items()], ["compat"], ["script"])
    found = judged(wanted, tmp_path, mend=_noted(said := []))
    assert [verdict.outcome for verdict in found] == ["equal"] * 3 and len(said) == 3


def _noted(said: list[Case]) -> Callable[[Case, Migrated], None]:
    return lambda case, migrated: said.append(case)
