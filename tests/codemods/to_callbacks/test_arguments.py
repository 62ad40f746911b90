"""The legacy arguments, one by one."""

from __future__ import annotations

import ast

import pytest
from wandb_keras_codemods.to_callbacks.project import Keys

from ..tools import check_transformed, migrate, reasons

OLD = "from wandb.keras import WandbCallback\n"
SHIM = "from wandb_keras_compat import WandbCallback\n"
LOG = "from wandb_keras_compat import WandbMetricsLogger\n"
NEW = "from wandb_keras_compat import WandbMetricsLogger, WandbModelCheckpoint\n"
FIT = 'model.compile(metrics=["acc", "auc"])\nmodel.fit(x, y, validation_data=v, callbacks=[{}])\n'


def checkpoint(arguments: str) -> str:
    return FIT.format(f"WandbMetricsLogger(), WandbModelCheckpoint({arguments}, save_best_only=True, best_of_run=True)")


REWRITTEN = {
    "defaults written out": (
        'monitor="val_loss", verbose=0, mode="auto", save_weights_only=(False), log_weights=(False), log_gradients=(False), '
        "save_model=(True), training_data=None, validation_data=None, labels=[], data_type=None, predictions=36, "
        "generator=None, save_graph=True",
        '"model-best.keras", monitor="val_loss", mode="min"',
    ),
    "monitor, auto": ('monitor="val_acc"', '"model-best.keras", monitor="val_acc", mode="max"'),
    "monitor, auto, not accuracy": ('monitor="val_auc"', '"model-best.keras", monitor="val_auc", mode="min"'),
    "monitor, mode": ('"val_auc", 0, "max"', '"model-best.keras", monitor="val_auc", mode="max"'),
    "a mode that is none": ('mode="best"', '"model-best.keras", monitor="val_loss", mode="min"'),
    "monitor without validation": ('monitor="loss"', '"model-best.keras", monitor="loss", mode="min"'),
}


@pytest.mark.parametrize(("old", "new"), REWRITTEN.values(), ids=REWRITTEN)
def test_saving(old: str, new: str) -> None:
    """What saved the best model still saves the best model, by the same rule."""
    check_transformed(OLD + FIT.format(f"WandbCallback({old})"), NEW + checkpoint(new), level=2)


def test_weights_only_and_verbose() -> None:
    """Keras 3 asks for the ending .weights.h5."""
    check_transformed(
        OLD + FIT.format("WandbCallback(save_weights_only=True, verbose=2)"),
        NEW + FIT.format(
            'WandbMetricsLogger(), WandbModelCheckpoint("model-best.weights.h5", monitor="val_loss", mode="min", '
            "save_best_only=True, best_of_run=True, save_weights_only=True, verbose=2)"
        ),
        level=2,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("save_model=False", ""),
        ("save_model=(0)", ""),
        ("save_model=False, monitor=m", ""),
        ("save_model=False, log_batch_frequency=10", "log_freq=10"),
        ("save_model=False, log_batch_frequency=0", ""),
        ("save_model=False, log_gradients=False, training_data=(x, y)", ""),
        ("save_model=False, labels=l, predictions=5", ""),
        ('save_model=False, data_type="label", output_type="label", generator=g(), class_colors=c', ""),
        ('save_model=False, output_type="label", validation_steps=3', ""),
        ('save_model=False, log_best_prefix=""', ""),
        ("save_model=False, save_graph=False, log_best_prefix=None", ""),
        ("save_model=False, save_weights_only=args.w", ""),
        ("save_model=False, log_batch_frequency=True", "log_freq=1"),
        ("save_model=False, log_batch_frequency=5.0", "log_freq=5"),
        ("save_model=False, log_batch_frequency=args.n", 'log_freq=args.n or "epoch"'),
        ("save_model=False, log_batch_frequency=n if b else 0", 'log_freq=(n if b else 0) or "epoch"'),
        ("save_model=False, log_evaluation=False, validation_row_processor=p, infer_missing_processors=False", ""),
    ],
)
def test_metrics_only(old: str, new: str) -> None:
    """What did not save becomes a logger; arguments without effect go."""
    check_transformed(
        OLD + FIT.format(f"WandbCallback({old})"), LOG + FIT.format(f"WandbMetricsLogger({new})"), level=2
    )


REFUSED = {
    "gradients of nothing": ("log_gradients=True", "without training_data raises an error"),
    "a switch only known later": ("log_weights=args.w", "(log_weights) is only known when it runs"),
    "tables only known later": ("log_evaluation=e", "(log_evaluation) is only known when it runs"),
    "a graph only known later": ("save_graph=args.g", "(save_graph) is only known when it runs"),
    "save_model only known later": ("save_model=args.save", "(save_model) is only known when it runs"),
    "unknown": ("output_row_processor=f", "silently swallowed"),
    "keywords": ("**options", "cannot be read here"),
    "positions": ("*options", "cannot be read here"),
    "two names of one argument": ("data_type=a, input_type=b", "data_type or input_type"),
    "monitor only known later": ("monitor=args.monitor", "only known when it runs"),
    "weights only known later": ("save_weights_only=args.w", "save_weights_only is only known"),
    "a dropped value that does something": ("validation_data=next(g)", "does something when it is evaluated"),
    "a value that is waited for": ("log_evaluation=True, labels=[(yield)]", "binds a name or waits"),
    "a value that binds a name": ('input_type="image", labels=(n := names)', "binds a name or waits"),
    "another order": (
        'input_type="image", labels=load(), log_gradients=True, training_data=(load(), y)',
        "training_data would be evaluated before labels",
    ),
    "a comment in a value": (
        'save_model=False, labels=["a",  # one\n"b"]',
        "a comment inside the value of an argument",
    ),
    "a frequency below 0": ("log_batch_frequency=-1", "no counterpart"),
    "other keys": ('keys="both"', "run with --keys both"),
    "keys only known later": ("keys=k", "what keys= says is only known"),
}


@pytest.mark.parametrize(("arguments", "why"), REFUSED.values(), ids=REFUSED)
def test_refused(arguments: str, why: str) -> None:
    """What cannot be kept stays on the shim, with the reason."""
    before = OLD + FIT.format(f"WandbCallback({arguments})")
    outcome = check_transformed(before, before.replace(OLD, SHIM), level=2)
    assert why in reasons(outcome)


COMMENTED = {
    "one for one": (
        "cb = WandbCallback(\n    save_model=False,  # big\n    # log_weights=True,\n)\nmodel.fit(x, callbacks=[cb])\n",
        "cb = WandbMetricsLogger(\n    # save_model=False,  # big\n    # log_weights=True,\n)\nmodel.fit(x, callbacks=[cb])\n",
    ),
    "after the parenthesis, two arguments, indented by tabs": (
        "if x:\n\tmodel.fit(x, callbacks=[a, WandbCallback(# old\n\t\tsave_model=False, mode='max')])  # fit\n",
        "if x:\n\tmodel.fit(x, callbacks=[a, WandbMetricsLogger(\n\t\t# old\n\t)])  # fit\n",
    ),
    "on a line of its own, with arguments": (
        "cbs = [\n    WandbCallback(\n        # every tenth\n        log_batch_frequency=10, save_model=False  # no\n    ),\n]\n",
        "cbs = [\n    WandbMetricsLogger(\n        # every tenth\n        # log_batch_frequency=10, save_model=False  # no\n"
        "        log_freq=10,\n    ),\n]\n",
    ),
    "after a value of several lines": (
        "cb = WandbCallback(save_model=False, labels=[\n    'a',\n],  # classes\n)\nmodel.fit(x, callbacks=[cb])\n",
        "cb = WandbMetricsLogger(\n    # classes\n)\nmodel.fit(x, callbacks=[cb])\n",
    ),
    "other line ends": (
        "cbs.append(WandbCallback(\r\n  save_model=False,\r\n  # why\r\n))\r\n",
        "cbs.append(WandbMetricsLogger(\r\n    # why\r\n))\r\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), COMMENTED.values(), ids=COMMENTED)
def test_comments_between_arguments_go_to_the_first_callback(before: str, after: str) -> None:
    end = "\r\n" if "\r\n" in before else "\n"
    old, new = OLD.replace("\n", end), "from wandb_keras_compat import WandbMetricsLogger" + end
    check_transformed(old + before, new + after, level=2)


@pytest.mark.parametrize(
    "place",
    [
        "model.fit(x, validation_data=v, callbacks=[{}])\n",
        "model.fit(x, validation_data=v, callbacks={})\n",
        "model.fit(x, validation_data=v, callbacks=[a, {} if use else b])\n",
        "model.fit(x, validation_data=v, callbacks=[{}] + more)\n",
        "cb = {}\nmodel.fit(x, validation_data=v, callbacks=[cb])\n",
        "cbs = []\ncbs.append({})\nmodel.fit(x, validation_data=v, callbacks=cbs)\n",
        "cbs = [\n    a,\n    {},\n]\n",
    ],
)
@pytest.mark.parametrize("keys", ["new", "both"])
def test_no_comment_is_lost_wherever_the_call_stands(place: str, keys: Keys) -> None:
    call = "WandbCallback(  # one\n        # two\n    monitor='val_acc',  # three\n    log_weights=True  # four\n    # five\n)"
    outcome = migrate(OLD + place.format(call), level=2, keys=keys)
    assert outcome.after is not None
    assert "WandbCallback(" not in outcome.after.decode()
    assert [line.rpartition("# ")[2] for line in outcome.after.decode().splitlines() if "# " in line] == [
        "one", "two", "three", "four", "five"
    ]  # fmt: skip
    ast.parse(outcome.after)
    assert migrate(outcome.after, level=2, keys=keys).after is None


def test_every_key_that_moves_is_named() -> None:
    """Metrics of compile, with and without validation, best values, graph, file, artifact."""
    outcome = migrate(OLD + FIT.format("WandbCallback(log_batch_frequency=5)"), level=2)
    moved = {item.old: item.new for record in outcome.records for item in record.moved}
    for name in ("loss", "acc", "auc", "val_loss", "val_acc", "val_auc", "epoch"):
        assert moved[name] == f"epoch/{name}"
    assert moved["loss (per batch)"] == "batch/loss"
    assert "best_val_loss (summary)" not in moved, "the checkpoint keeps it"
    assert moved["graph (summary)"] is None
    assert moved["artifact model-<run name>"] == "artifact run_<run id>_model"


def test_best_values_that_nothing_keeps_are_named() -> None:
    """Without a checkpoint there is no one to write them."""
    outcome = migrate(OLD + FIT.format("WandbCallback(save_model=False)"), level=2)
    moved = {item.old: item.new for record in outcome.records for item in record.moved}
    assert moved["best_val_loss (summary)"] is None
    assert moved["best_epoch (summary)"] is None


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("", ", best_of_run=True"),
        ('log_best_prefix="top_"', ', best_of_run="top_"'),
        ("log_best_prefix=args.prefix", ", best_of_run=args.prefix"),
        ("log_best_prefix=None", ""),
    ],
)
def test_the_best_is_kept_under_the_prefix_that_it_had(given: str, written: str) -> None:
    """The legacy callback goes on from the value that stands under its prefix in the run's summary."""
    outcome = migrate(OLD + FIT.format(f"WandbCallback({given})"), level=2)
    after = " ".join((outcome.after or b"").decode().split())  # long calls have a line for each argument
    assert f"save_best_only=True{written}" in after
    assert bool(written) == ("best_of_run" in after)


def test_what_stays_is_not_said_to_move() -> None:
    """Neither what is asked for and kept, nor what was never logged."""
    kept = migrate(OLD + FIT.format('WandbCallback(save_graph=True, log_best_prefix="best_")'), level=2)
    never = migrate(OLD + FIT.format('WandbCallback(save_graph=False, log_best_prefix="")'), level=2)
    for outcome in (kept, never):
        moved = {item.old for record in outcome.records for item in record.moved}
        assert {"val_loss", "epoch"} <= moved
        assert not any("(summary)" in name for name in moved), moved


@pytest.mark.parametrize(("text", "saves"), [("false", True), ("", False)])
def test_a_string_for_a_flag_counts_as_it_did_and_is_reported(text: str, saves: bool) -> None:
    """``save_model="false"`` saved."""
    outcome = migrate(OLD + FIT.format(f'WandbCallback(save_model="{text}")'), level=2)
    assert f"is a string and so counts as {saves}; False was meant" in reasons(outcome, "changed")
    assert (b"WandbModelCheckpoint(" in (outcome.after or b"")) is saves


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(("data_type", "counts"), [("'images'", "'images'"), ("None", "'image'"), ("args.t", None)])
def test_the_old_name_of_an_argument_counts_unless_it_is_none(data_type: str, counts: str | None, first: bool) -> None:
    given = [f"data_type={data_type}", "input_type='image'"][:: 1 if first else -1]
    outcome = migrate(OLD + FIT.format(f"WandbCallback({', '.join(given)}, save_model=False)"), level=2)
    assert (f"WandbExamplesLogger(input_type={counts})" in (outcome.after or b"").decode()) is (counts is not None)
    assert ("whether data_type or input_type counts" in reasons(outcome)) is (counts is None)
