"""What becomes a small callback, with which arguments, and the names that metrics keep with ``--keys``."""

from __future__ import annotations

import ast
import itertools
from typing import get_args

import pytest
from wandb_keras_codemods.to_callbacks.project import Keys

from ..tools import check_transformed, migrate, reasons

OLD = "from wandb.keras import WandbCallback\n"
FIT = "model.fit(x, y, callbacks=[{}])\n"
VALIDATED = "model.fit(x, y, validation_data=v, callbacks=[{}])\n"


def calls(text: str) -> list[str]:
    """The elements of the list of callbacks."""
    (found,) = [
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.keyword) and node.arg == "callbacks" and isinstance(node.value, ast.List)
    ]
    return [ast.unparse(element) for element in found.elts]


def rewritten(arguments: str, keys: Keys = "new", fit: str = FIT) -> list[str]:
    """The callbacks in place of ``WandbCallback(arguments)``; every one of them is imported."""
    outcome = migrate(OLD + fit.format(f"WandbCallback({arguments})"), level=2, keys=keys)
    assert outcome.after is not None
    text = outcome.after.decode()
    assert "WandbCallback" not in text, outcome.records
    again = migrate(text, level=2, keys=keys)
    assert again.after is None
    imported = {
        alias.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    found = calls(text)
    assert imported == {call.partition("(")[0] for call in found}
    return found


SMALL = {
    "weights": ("log_weights=True", ["WandbWeightsLogger()"]),
    "gradients": (
        "log_gradients=True, training_data=(x, y)",
        ["WandbGradientsLogger(training_data=(x, y))"],
    ),
    "flops": ("compute_flops=1", ["WandbFlopsLogger()"]),
    "graph, written out": ("save_graph=True", ["WandbGraphLogger()"]),
    "images": ("input_type='image', labels=l", ["WandbExamplesLogger(input_type='image', labels=l)"]),
    "images, by the old name": ("data_type='images'", ["WandbExamplesLogger(input_type='images')"]),
    "the old name counts": (
        "input_type='label', data_type='image'",
        ["WandbExamplesLogger(input_type='image')"],
    ),
    "the old name is None": (
        "input_type='image', data_type=None",
        ["WandbExamplesLogger(input_type='image')"],
    ),
    "masks": (
        "output_type='segmentation_mask', class_colors=c, predictions=5",
        ["WandbExamplesLogger(input_type=None, output_type='segmentation_mask', class_colors=c, predictions=5)"],
    ),
    "a type that is guessed": ("input_type='auto'", ["WandbExamplesLogger(input_type='auto')"]),
    "an output that may be guessed": ("data_type='label'", ["WandbExamplesLogger(input_type='label')"]),
    "an output that is guessed": (
        "input_type='label', output_type='auto'",
        ["WandbExamplesLogger(input_type='label', output_type='auto')"],
    ),
    "a type only known later": ("input_type=args.t", ["WandbExamplesLogger(input_type=args.t)"]),
    "tables": (
        "log_evaluation=True, validation_data=v, generator=None, validation_steps=3, labels=l, "
        "log_evaluation_frequency=2, validation_indexes=i, validation_row_processor=f, prediction_row_processor=g, "
        "infer_missing_processors=False",
        [
            "WandbPredictionsLogger(validation_data=v, validation_steps=3, labels=l, frequency=2, indexes=i, "
            "validation_row_processor=f, prediction_row_processor=g, infer_missing_processors=False)"
        ],
    ),
    "all that make a row": (
        "compute_flops=True, log_evaluation=True, input_type='image', log_weights=True, log_gradients=True, "
        "training_data=t, save_graph=True",
        [
            "WandbFlopsLogger()",
            "WandbGraphLogger()",
            "WandbWeightsLogger()",
            "WandbGradientsLogger(training_data=t)",
            "WandbExamplesLogger(input_type='image')",
            "WandbPredictionsLogger()",
        ],
    ),
}


@pytest.mark.parametrize(("arguments", "small"), SMALL.values(), ids=SMALL)
@pytest.mark.parametrize("keys", get_args(Keys))
def test_a_capability_becomes_its_callback(arguments: str, small: list[str], keys: Keys) -> None:
    """Before the metrics logger, which closes the row, in the order of a row; the graph only if it was asked for."""
    found = rewritten(f"{arguments}, save_model=False, log_best_prefix=None", keys)
    metrics = "WandbMetricsLogger()" if keys == "new" else f"WandbMetricsLogger(keys={keys!r})"
    if keys != "new" and "WandbGraphLogger()" not in small:
        found.remove("WandbGraphLogger()")
    assert found == [*small, metrics]


@pytest.mark.parametrize("name", ["training_data", "output_type", "validation_data", "generator", "labels", "predictions",
                                  "class_colors", "validation_steps", "log_evaluation_frequency", "validation_indexes",
                                  "validation_row_processor", "prediction_row_processor", "infer_missing_processors"])  # fmt: skip
def test_what_had_no_effect_goes_and_is_named(name: str) -> None:
    """Nothing that it belongs to was asked for; perhaps it was meant to be."""
    outcome = migrate(OLD + FIT.format(f"WandbCallback(save_model=False, {name}='label')"), level=2)
    assert outcome.after is not None and name not in outcome.after.decode()
    assert f"{name} had no effect in this combination and went" in reasons(outcome, "changed")


AFTER = {
    "nothing": ("", ["WandbBestSummary()", "WandbBestModel()"]),
    "best only": ("save_model=False, verbose=1", ["WandbBestSummary(verbose=1)"]),
    "who saves speaks": ("verbose=v", ["WandbBestSummary()", "WandbBestModel(verbose=v)"]),
    "neither": ('save_model=0, log_best_prefix="", verbose=1, monitor=m', []),
    "no summary": ("log_best_prefix=None", ["WandbBestModel(prefix=None)"]),
    "all of them": (
        "'val_acc', mode=mode, save_weights_only=args.w, log_best_prefix=p",
        [
            "WandbBestSummary(monitor='val_acc', mode=mode, prefix=p)",
            "WandbBestModel(monitor='val_acc', mode=mode, save_weights_only=args.w, prefix=p)",
        ],
    ),
    "evaluated once": (
        "f'val_{m}'",
        ["WandbBestSummary(monitor=(monitor := f'val_{m}'))", "WandbBestModel(monitor=monitor)"],
    ),
}


@pytest.mark.parametrize(("arguments", "after"), AFTER.values(), ids=AFTER)
@pytest.mark.parametrize("keys", ["both", "legacy"])
def test_best_summary_and_model_follow_the_logger(arguments: str, after: list[str], keys: Keys) -> None:
    """No fit call has to show validation data or a metric: what saves here never ends a training."""
    assert rewritten(arguments, keys) == ["WandbGraphLogger()", f"WandbMetricsLogger(keys={keys!r})", *after]


def test_a_best_summary_beside_the_newer_checkpoint() -> None:
    """With the new keys it is there for who asks for it, with the checkpoint after it."""
    found = rewritten("log_best_prefix='top_', verbose=1", fit=VALIDATED)
    assert found[:2] == ["WandbMetricsLogger()", "WandbBestSummary(prefix='top_')"]
    assert found[2].startswith("WandbModelCheckpoint('model-best.keras'")
    assert found[2].endswith("verbose=1)")


SHARED = "input_type='image', log_evaluation=True, save_model=False, log_best_prefix=None, "
ONCE = {
    "a name": ("labels=names", "names", "names"),
    "an attribute": ("labels=a.names", "a.names", "a.names"),
    "a literal": ("labels=['a', 'b']", "['a', 'b']", "['a', 'b']"),
    "a tuple of names": ("validation_data=(x, a.y)", "(x, a.y)", "(x, a.y)"),
    "a call": ("generator=g()", "(generator := g())", "generator"),
    "the next of something": ("validation_data=next(g)", "(validation_data := next(g))", "validation_data"),
    "a part": ("validation_data=(x[:9], y[:9])", "(validation_data := (x[:9], y[:9]))", "validation_data"),
    "a name that is taken": ("labels=f(labels)", "(wandb_labels := f(labels))", "wandb_labels"),
}


@pytest.mark.parametrize(("argument", "first", "second"), ONCE.values(), ids=ONCE)
def test_what_two_callbacks_need_is_evaluated_once(argument: str, first: str, second: str) -> None:
    """Two generators of one function would not be in step, and data need not be loaded twice."""
    name = argument.partition("=")[0]
    examples, tables, _ = rewritten(SHARED + argument)
    assert examples == f"WandbExamplesLogger(input_type='image', {name}={first})"
    assert tables == f"WandbPredictionsLogger({name}={second})"


def test_what_one_callback_needs_stays_as_it_is_written() -> None:
    """No name is bound to it, so it can stand where none may be."""
    tables, _ = rewritten("log_evaluation=True, save_model=False, log_best_prefix=None, labels=f()")
    assert tables == "WandbPredictionsLogger(labels=f())"


@pytest.mark.parametrize(
    "around",
    [
        "class C:\n    fit(callbacks=[{}])\n",
        "f = lambda: [{}]\n",
        "a = [[{}] for i in j]\n",
        "labels = wandb_labels = 1\na = [{}]\n",
    ],
)
def test_where_no_name_can_be_bound(around: str) -> None:
    """A class body, a lambda and a comprehension have names of their own; the names may be taken."""
    outcome = migrate(OLD + around.format(f"WandbCallback({SHARED}labels=f())"), level=2)
    assert "needed twice" in reasons(outcome)


ORDERED = ["training_data=a()", "labels=b()", "validation_indexes=c()", "log_batch_frequency=d()"]


@pytest.mark.parametrize("order", list(itertools.permutations(ORDERED)))
def test_calls_keep_their_order_or_stay(order: tuple[str, ...]) -> None:
    """Whatever the order of the arguments, what is rewritten evaluates them as before, each once."""
    on = "save_model=False, log_gradients=True, input_type='image', log_evaluation=True"
    before = OLD + FIT.format(f"WandbCallback({on}, {', '.join(order)})")
    outcome = migrate(before, level=2)
    text = (outcome.after or b"").decode()
    if "WandbCallback" in text:
        assert "would be evaluated before" in reasons(outcome)
        assert order != tuple(ORDERED)
        return
    positions = [text.index(part.partition("=")[2]) for part in order]
    assert positions == sorted(positions)
    assert all(text.count(part.partition("=")[2]) == 1 for part in order)


def test_expressions_keep_their_text() -> None:
    """Quotes, spaces, parentheses and line ends included."""
    check_transformed(
        OLD + "fit(callbacks=[WandbCallback(log_gradients = True, save_model=False,\r\n"
        "    training_data = ( (x ,'é'),\r\n      \"y\" ))])\n",
        "from wandb_keras_compat import WandbGradientsLogger, WandbMetricsLogger\n"
        "fit(callbacks=[WandbGradientsLogger(training_data=( (x ,'é'),\r\n      \"y\" )), WandbMetricsLogger()])\n",
        level=2,
    )


def test_long_ones_have_lines_of_their_own() -> None:
    """As a formatter would have it."""
    names = ", ".join(f"{name}={name}_of_the_whole_experiment" for name in ("validation_data", "labels", "generator"))
    check_transformed(
        OLD + f"fit(callbacks=[WandbCallback(log_evaluation=True, {names}, save_model=False)])\n",
        """\
from wandb_keras_compat import WandbBestSummary, WandbGraphLogger, WandbMetricsLogger, WandbPredictionsLogger
fit(callbacks=[
    WandbGraphLogger(),
    WandbPredictionsLogger(
        validation_data=validation_data_of_the_whole_experiment,
        labels=labels_of_the_whole_experiment,
        generator=generator_of_the_whole_experiment,
    ),
    WandbMetricsLogger(keys="both"),
    WandbBestSummary(),
])
""",
        level=2,
        keys="both",
    )


@pytest.mark.parametrize("keys", ["both", "legacy"])
def test_nothing_moves_with_the_old_keys(keys: Keys) -> None:
    """The report says so, and with both names which ones there are as well."""
    text = OLD + 'model.compile(metrics=["acc"])\n' + FIT.format("WandbCallback(log_batch_frequency=2)")
    outcome = migrate(text, level=2, keys=keys)
    (record,) = [record for record in outcome.records if record.rule == "WK101"]
    assert record.action == "changed"
    assert record.moved == ()
    assert "keeps its name" in record.reason
    for name in ("epoch/epoch", "epoch/loss", "epoch/val_acc", "epoch/learning_rate", "batch/batch_step"):
        assert (name in record.reason) == (keys == "both")


@pytest.mark.parametrize("keys", get_args(Keys))
def test_keys_of_the_call_itself(keys: Keys) -> None:
    """Code that has ``keys=`` already keeps them; what had moved before is not said to move again."""
    text = OLD.replace("wandb.keras", "wandb_keras_compat")
    outcome = migrate(text + FIT.format(f"WandbCallback(save_model=False, keys={keys!r})"), level=2, keys=keys)
    (record,) = [record for record in outcome.records if record.rule == "WK101"]
    assert record.action == "changed"
    assert not any("epoch/" in (item.new or "") for item in record.moved)
