"""One use of a newer callback: what its text tells, and what W&B's own class would do otherwise with it."""

from __future__ import annotations

import libcst as cst
import pytest
from wandb_keras_codemods.documents.module import ModuleView
from wandb_keras_codemods.names import CHECKPOINT, EVAL, METRICS
from wandb_keras_codemods.newer_callbacks.differences import differences_of
from wandb_keras_codemods.newer_callbacks.use import Use, ending, has_placeholder, read_use

KINDS = {"M": METRICS, "C": CHECKPOINT, "E": EVAL}


def use_of(code: str) -> Use:
    """The use of the class that is written ``M``, ``C`` or ``E``."""
    view = ModuleView(code + "\n")
    (node,) = (name for name in view.nodes(cst.Name) if name.value in KINDS)
    return read_use(view, node, KINDS[node.value])


def path_of(code: str) -> cst.BaseExpression:
    path = use_of(f"C({code})").path
    assert path is not None
    return path


ENDINGS = {
    "'m.keras'": "m.keras",
    "'a/' 'm.keras'": "m.keras",
    "'a' f'{x}.keras'": ".keras",
    "f'{d}/m.keras'": "/m.keras",
    "f'm{d}'": None,
    "f''": None,
    "b'm.keras'": None,
    "d + '/m' + '.keras'": ".keras",
    "d - '.keras'": None,
    "d / 'm.keras'": None,
    "'m.keras' + d": None,
    "os.path.join(d, 'm.keras')": "m.keras",
    "osp.join('m.keras', d)": None,
    "join(d, e + 'm.keras')": "m.keras",
    "str('m.keras')": "m.keras",
    "os.fspath(f'{d}.keras')": ".keras",
    "os.path.join()": None,
    "make('m.keras')": None,
    "path": None,
    "5": None,
}


@pytest.mark.parametrize(("code", "end"), ENDINGS.items(), ids=ENDINGS)
def test_how_a_path_ends_is_known_as_far_as_it_is_written_out(code: str, end: str | None) -> None:
    assert ending(path_of(code)) == end


@pytest.mark.parametrize(
    ("code", "there"),
    [
        ("'m-{epoch:02d}.keras'", True),
        ("f'm-{{epoch}}.keras'", True),
        ("f'{d}/m.keras'", False),
        ("os.path.join(d, 'm-{epoch}')", True),
        ("d + '/m-{epoch}'", True),
        ("d + e", False),
        ("'m.keras'", False),
    ],
)
def test_a_brace_in_a_text_of_a_path_may_be_a_placeholder(code: str, there: bool) -> None:
    assert has_placeholder(path_of(code)) == there


def test_arguments_are_known_by_place_and_by_name() -> None:
    use = use_of("C('m.keras', m, save_best_only=True, other=1)")
    assert use.is_call and use.complete
    assert list(use.given or ()) == ["filepath", "monitor", "save_best_only", "other"]
    assert (use.value("save_best_only", False), use.value("verbose", 0), use.value("other", None)) == (True, 0, 1)
    assert isinstance(use.value("monitor", None), object) and use.value("monitor", None) not in (None, "m")
    assert use.unknown_arguments == ["other"]
    assert use_of("M('batch', 3)").unknown_arguments == []
    assert use_of("M(5)").value("log_freq", "epoch") == 5
    assert use_of("E(['a'], ['b'])").value("pred_table_columns", None) == ["b"]


@pytest.mark.parametrize("code", ["C(*a)", "C('m', **o)", "M('batch', 1, 2)", "E(a, b, c)"])
def test_a_call_some_arguments_of_which_cannot_be_read_is_not_complete(code: str) -> None:
    assert use_of(code).is_call and not use_of(code).complete


@pytest.mark.parametrize("code", ["class T(C): pass", "partial(C, 'm')", "c = C", "C.__init__(x)"])
def test_what_is_no_call_of_the_class(code: str) -> None:
    """It has no arguments that could be read."""
    use = use_of(code)
    assert not use.is_call
    assert (use.path, use.unknown_arguments, use.value("filepath", 7)) == (None, [], 7)


ENDS, LOGS = True, False
WHOLE, WEIGHTS = "C('m.keras'{})", "C('m.weights.h5', save_weights_only=True{})"
DIFFERENT: list[tuple[str, list[tuple[bool, str]]]] = [
    ("M()", []), ("M('batch')", []), ("M(log_freq=1)", []), ("M(log_freq=n)", []),
    ("M(0)", [(ENDS, "frequency of 0")]), ("M(log_freq=False)", [(ENDS, "frequency of 0")]),
    ("M(keys='both')", [(ENDS, "not all of its arguments")]), ("M(**o)", [(LOGS, "* or **")]),
    ("M", [(LOGS, "base class or handed on")]),
    (WHOLE.format(""), []), (WEIGHTS.format(""), []), ("C('m.keras', save_weights_only=False)", []),
    ("C(f'{d}/m-{{epoch}}.keras')", []),
    ("C('m.h5')", [(ENDS, "does not end in .keras")]), ("C('m.weights.h5')", [(ENDS, "does not end in .keras")]),
    ("C('m.keras', save_weights_only=True)", [(ENDS, "does not end in .weights.h5")]),
    ("C('m.keras', save_weights_only=1)", [(ENDS, "does not end in .weights.h5")]),
    ("C('m.keras', save_weights_only=w)", [(LOGS, "only known when it runs")]),
    ("C(path)", [(LOGS, "only known when it runs")]), ("C()", [(LOGS, "only known when it runs")]),
    ("C(a(path))", [(LOGS, "only known when it runs")]), ("C(d * 'm')", [(LOGS, "only known when it runs")]),
    ("C(Path('m.keras'))", [(ENDS, "pathlib.Path")]), ("C(PosixPath(d))", [(ENDS, "pathlib.Path")]),
    ("C(d / 'm.keras')", [(ENDS, "pathlib.Path")]), ("C(d / name, save_weights_only=w)", [(ENDS, "pathlib.Path")]),
    (WHOLE.format(", options=o"), [(ENDS, "options=")]), (WHOLE.format(", options=None"), []),
    (WHOLE.format(", initial_value_threshold=0.3"), [(ENDS, "initial_value_threshold")]),
    (WHOLE.format(", initial_value_threshold=None"), []),
    (WHOLE.format(", save_best_only=True"), [(LOGS, "epochs that save nothing")]),
    (WHOLE.format(", save_best_only=b"), [(LOGS, "epochs that save nothing")]),
    (WHOLE.format(", save_best_only=False"), []),
    ("C('m{epoch}.keras', save_best_only=True)", [(ENDS, "placeholder"), (LOGS, "epochs that save nothing")]),
    ("C('m{epoch}.keras', save_best_only=b)", [(LOGS, "epochs that save nothing")]),
    (WEIGHTS.format(", save_freq=2, verbose=1"), []), (WHOLE.format(", period=2"), [(ENDS, "not all of its arguments")]),
    ("C", [(LOGS, "base class or handed on"), (LOGS, "only known when it runs")]),
    ("C(**o)", [(LOGS, "* or **"), (LOGS, "only known when it runs")]),
    ("E(a, b)", [(LOGS, "offline and disabled")]), ("class T(E): pass", [(LOGS, "offline and disabled")]),
    ("E(*a)", [(LOGS, "* or **"), (LOGS, "offline and disabled")]),
    ("E(a, b, frequency=2)", [(ENDS, "not all of its arguments"), (LOGS, "offline and disabled")]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "said"), DIFFERENT, ids=[code for code, _ in DIFFERENT])
def test_what_wandb_s_own_class_does_otherwise(code: str, said: list[tuple[bool, str]]) -> None:
    """Whether the program would end in an error, and why; nothing where both mean the same."""
    found = list(differences_of(use_of(code)))
    assert [each.refuses for each in found] == [ends for ends, _ in said]
    for each, (_, part) in zip(found, said):
        assert part in each.sentence
