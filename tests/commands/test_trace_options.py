"""``trace diff`` for people who move between TensorFlows, and ``trace record --seed``."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.testing.views.traces import trace
from wandb_keras_compat.cli import main
from wandb_keras_compat.commands.record_trace import seeding
from wandb_keras_compat.parity.record_goldens import GOLDENS
from wandb_keras_compat.testing.child_environment import inherited_environment

Change = Callable[[dict[str, Any]], Any]


def diff(tmp_path: Path, old: Any, new: Any, *options: str) -> Result:
    files = []
    for name, document in (("old", old), ("new", new)):
        files.append(tmp_path / f"{name}.json")
        files[-1].write_text(json.dumps(document), encoding="utf-8")
    return CliRunner(env={"COLUMNS": "200"}).invoke(main, ["trace", "diff", *map(str, files), *options])


def golden(name: str = "everything") -> dict[str, Any]:
    return json.loads((GOLDENS / f"{name}.json").read_text(encoding="utf-8"))


def rows(document: dict[str, Any], change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    made = copy.deepcopy(document)
    for run in made["runs"]:
        for row in run["history"]:
            change(row)
    return made


def another_training(value: Any) -> Any:
    """The same things with other numbers: what a program without a seed logs the second time."""
    if isinstance(value, dict):
        return {
            name: item if name in {"_step", "shape", "width", "height", "schema", "dtype", "made_with", "blind", "mode"}
            else another_training(item)
            for name, item in value.items()
        }  # fmt: skip
    if isinstance(value, list):
        return [another_training(item) for item in value]
    return value * 1.3 + 0.01 if isinstance(value, float) else value


# --- tolerances ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 1),
        (["--rtol", "1e-4"], 1),
        (["--rtol", "2e-3"], 0),
        (["--rtol", "0", "--atol", "1e-9"], 1),
        (["--rtol", "0", "--atol", "10"], 0),
    ],
)
def test_numbers_may_be_as_far_apart_as_is_asked(tmp_path: Path, options: list[str], code: int) -> None:
    old = golden("metrics_alone")
    new = rows(old, lambda row: row.update({key: value * 1.001 for key, value in row.items() if key == "loss"}))
    assert diff(tmp_path, old, new, *options).exit_code == code


@pytest.mark.parametrize("value", ["-1", "nan", "x"])
@pytest.mark.parametrize("option", ["--rtol", "--atol"])
def test_what_is_no_tolerance_is_refused(tmp_path: Path, option: str, value: str) -> None:
    result = diff(tmp_path, trace(), trace(), option, value)
    assert result.exit_code == 2 and option in result.output


def test_steps_are_exact_whatever_the_tolerance(tmp_path: Path) -> None:
    new = copy.deepcopy(golden("metrics_alone"))
    new["runs"][0]["history"][-1]["_step"] += 1
    assert diff(tmp_path, golden("metrics_alone"), new, "--rtol", "1", "--atol", "0").exit_code == 1


# --- what is ignored -----------------------------------------------------------------------------------------------


def test_what_is_ignored_is_counted_and_nothing_else_is(tmp_path: Path) -> None:
    old = golden("metrics_alone")
    new = rows(old, lambda row: row.update(loss=9.5, val_loss=9.5))
    result = diff(tmp_path, old, new, "--ignore", "runs[*].history[*].loss")
    assert result.exit_code == 1
    assert "history[0].loss:" not in result.output and "history[0].val_loss:" in result.output
    assert "2 paths ignored, as you asked: runs[*].history[*].loss (2)." in result.output
    assert diff(tmp_path, old, new, "--ignore", "runs[*].history[*].*loss").exit_code == 0
    assert diff(tmp_path, old, new, "--ignore", "runs[*].history.**").exit_code == 0
    printed = json.loads(diff(tmp_path, old, new, "--ignore", "runs[*].history.**", "--json").output)
    assert (printed["equal"], printed["ignored"]) == (True, {"runs[*].history.**": 4})


def test_a_pattern_that_hits_nothing_or_is_none_is_told(tmp_path: Path) -> None:
    old = golden("metrics_alone")
    result = diff(tmp_path, old, old, "--ignore", "runs[*].history[*].los")
    assert result.exit_code == 0 and "--ignore runs[*].history[*].los: nothing that differs is there" in result.output
    result = diff(tmp_path, old, old, "--ignore", "runs[")
    assert result.exit_code == 2 and "runs[" in result.output


# --- structure -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", ["everything", "gradients", "table", "save_model", "images_labels"])
def test_another_training_has_the_same_structure(tmp_path: Path, name: str) -> None:
    old = golden(name)
    new = another_training(old)
    assert diff(tmp_path, old, new).exit_code == 1
    result = diff(tmp_path, old, new, "--structure")
    assert result.exit_code == 0 and result.output.startswith("No difference.\n")


def _less_a_row(document: dict[str, Any]) -> None:
    document["runs"][0]["history"].pop(1)


def _less_a_key(document: dict[str, Any]) -> None:
    del document["runs"][0]["history"][0]["loss"]


def _another_kind(document: dict[str, Any]) -> None:
    document["runs"][0]["history"][0]["loss"] = "low"


def _a_bin_less(document: dict[str, Any]) -> None:
    value = next(v for v in document["runs"][0]["summary"].values() if isinstance(v, dict) and "bins" in v)
    value["bins"].pop()
    value["counts"].pop()


def _another_sentence(document: dict[str, Any]) -> None:
    document["runs"][0]["terminal"].append("WARNING something else")


def _another_alias(document: dict[str, Any]) -> None:
    document["runs"][0]["artifacts"]["logged"][0]["aliases"].append("best")


def _another_name(document: dict[str, Any]) -> None:
    document["runs"][0]["name"] = "another"


@pytest.mark.parametrize(
    "change",
    [_less_a_row, _less_a_key, _another_kind, _a_bin_less, _another_sentence, _another_alias, _another_name],
)
def test_a_change_of_structure_is_seen_among_other_numbers(tmp_path: Path, change: Change) -> None:
    new = another_training(golden())
    change(new)
    assert diff(tmp_path, golden(), new, "--structure", "--no-ledger").exit_code == 1


def test_a_sentence_with_other_numbers_is_the_same_sentence(tmp_path: Path) -> None:
    old, new = golden("save_verbose"), golden("save_verbose")
    new["runs"][0]["terminal"] = [line.replace("1.0", "7.2") for line in new["runs"][0]["terminal"]]
    assert old["runs"][0]["terminal"] != new["runs"][0]["terminal"]
    assert diff(tmp_path, old, new, "--no-ledger").exit_code == 1
    assert diff(tmp_path, old, new, "--no-ledger", "--structure").exit_code == 0


def test_where_numbers_differ_everywhere_that_is_said_first_with_the_ways_out(tmp_path: Path) -> None:
    old = golden()
    output = diff(tmp_path, old, another_training(old)).output
    assert output.startswith("Nearly all numbers differ and the structure is the same")
    assert "--seed" in output.split("\n\n")[0] and "--structure" in output.split("\n\n")[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda trace: trace["runs"][0]["history"][0].update(loss=9.5),  # one number is a bug
        lambda trace: trace["runs"][0].update(name="another"),
        lambda trace: None,
    ],
)
def test_otherwise_it_is_not_said(tmp_path: Path, change: Change) -> None:
    new = golden()
    change(new)
    assert "Nearly all numbers" not in diff(tmp_path, golden(), new).output


def test_numbers_and_structure_that_differ_are_no_matter_of_seeds(tmp_path: Path) -> None:
    new = another_training(golden())
    _less_a_key(new)
    assert "Nearly all numbers" not in diff(tmp_path, golden(), new).output


# --- the ledger of the package -------------------------------------------------------------------------------------


def test_what_the_package_does_otherwise_is_left_out_unless_it_is_asked_for(tmp_path: Path) -> None:
    old, new = golden("save_model"), golden("save_model")
    new["runs"][0]["telemetry"].remove("feature.save")
    result = diff(tmp_path, old, new)
    assert result.exit_code == 0 and "KD-001 (1)" in result.output
    assert diff(tmp_path, old, new, "--no-ledger").exit_code == 1


OWN = "- {id: %s, feature: metrics, where: 'runs[*].history[*].loss', kind: intended, legacy: a, shim: b, why: c, witness: t}\n"


@pytest.mark.parametrize(("name", "hidden"), [("MY-1", True), ("KD-001", False)])
def test_a_ledger_of_ones_own_is_beside_it(tmp_path: Path, name: str, hidden: bool) -> None:
    """Of an id that the package's has, one's own entry holds."""
    (tmp_path / "own.yaml").write_text(OWN % name)
    old = golden("save_model")
    new = rows(old, lambda row: row.update(loss=9.5))
    new["runs"][0]["telemetry"].remove("feature.save")
    result = diff(tmp_path, old, new, "--ledger", str(tmp_path / "own.yaml"))
    assert result.exit_code == (0 if hidden else 1) and f"{name} (3)" in result.output
    assert diff(tmp_path, old, new, "--no-ledger", "--ledger", str(tmp_path / "own.yaml")).exit_code == 1


# --- seeds ---------------------------------------------------------------------------------------------------------

STANDS_FOR_TENSORFLOW = """
class random:
    seeds = []
    set_seed = staticmethod(seeds.append)
import keras
"""
STANDS_FOR_KERAS = """
import random, sys
class utils:
    seeds = []
    @staticmethod
    def set_random_seed(seed):
        assert sys.modules["tensorflow"].random.seeds
        utils.seeds.append(seed)
        random.seed(seed)
"""


def started(tmp_path: Path, program: str, seed: int | None = 7) -> str:
    """What *program* prints, with modules called tensorflow and keras that note what they are asked."""
    (tmp_path / "tensorflow.py").write_text(STANDS_FOR_TENSORFLOW)
    (tmp_path / "keras.py").write_text(STANDS_FOR_KERAS)
    seeded = tmp_path / "seeded"
    seeded.mkdir(exist_ok=True)
    own = inherited_environment(path=[tmp_path])
    own |= seeding(own, seed, seeded) if seed is not None else {}
    return subprocess.run([sys.executable, "-c", program], env=own, capture_output=True, text=True, check=True).stdout


def test_every_generator_begins_with_the_seed(tmp_path: Path) -> None:
    program = "import random, numpy; print(random.random(), numpy.random.rand(), hash('a'))"
    first, again, other = started(tmp_path, program), started(tmp_path, program), started(tmp_path, program, 8)
    assert first == again
    assert all(one != another for one, another in zip(first.split(), other.split()))
    expected = "import random, numpy; random.seed(7); numpy.random.seed(7); print(random.random(), numpy.random.rand())"
    assert first.split()[:2] == started(tmp_path, expected, None).split()


def test_nothing_is_imported_that_the_program_does_not_import(tmp_path: Path) -> None:
    program = "import sys; print(sorted({'random', 'numpy', 'tensorflow', 'keras', 'torch'} & set(sys.modules)))"
    assert started(tmp_path, program) == started(tmp_path, program, None)


def test_tensorflow_and_keras_are_seeded_when_they_are_there(tmp_path: Path) -> None:
    program = "import tensorflow, keras; print(tensorflow.random.seeds, keras.utils.seeds)"
    assert started(tmp_path, program) == "[7] [7]\n"
    assert {path.name for path in (tmp_path / "seeded").iterdir()} == {"python", "random", "tensorflow", "keras"}


def test_a_seed_of_the_programs_own_holds(tmp_path: Path) -> None:
    program = "import random; random.seed(3); import tensorflow; print(random.random())"
    assert started(tmp_path, program) == started(
        tmp_path, "import random; random.seed(3); print(random.random())", None
    )


def test_the_sitecustomize_of_the_environment_is_run(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('mine')")
    assert started(tmp_path, "import random") == "mine\n"


def test_the_children_of_a_program_are_seeded(tmp_path: Path) -> None:
    child = "import random; print(random.random())"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    assert started(tmp_path, program) == started(tmp_path, child)


@pytest.mark.parametrize("seed", ["-1", str(2**32), "x"])
def test_what_no_generator_takes_is_refused(tmp_path: Path, seed: str) -> None:
    arguments = ["trace", "record", "-o", str(tmp_path / "t.json"), "--seed", seed, "--", "true"]
    assert CliRunner().invoke(main, arguments).exit_code == 2


@pytest.mark.parametrize("command", [["trace", "diff"], ["trace", "record"], ["check"]])
def test_help_fits_a_terminal_of_eighty_columns(command: list[str]) -> None:
    output = CliRunner(env={"COLUMNS": "80"}).invoke(main, [*command, "--help"], terminal_width=80).output
    assert max(map(len, output.splitlines())) <= 80
