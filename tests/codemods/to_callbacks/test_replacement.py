"""What replaces a call, for arguments that are drawn: the legacy rule of ``mode="auto"``, and when a model is saved."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wandb_keras_codemods.to_callbacks.arguments import DEFAULTS

from wandb_keras_compat import arguments

from ..tools import PROPERTY, migrate, reasons

FEW = settings(PROPERTY, max_examples=20)
OLD = "from wandb.keras import WandbCallback\n"
METRICS = 'model.compile(metrics=["acc"])\n'


def after(text: str) -> str:
    outcome = migrate(OLD + METRICS + text, level=2)
    assert not outcome.failed, outcome.records
    return (outcome.after or b"").decode()


MONITORS = st.tuples(
    st.sampled_from(["", "val_", "my_", "f"]),
    st.sampled_from(["acc", "accuracy", "fmeasure", "fmeasure_2", "loss", "auc"]),
).map("".join)


@given(MONITORS, st.sampled_from(["auto", "min", "max", "other"]))
@FEW
def test_auto_is_the_rule_of_the_legacy_class(monitor: str, mode: str) -> None:
    """More is better of what has "acc" in its name or begins with "fmeasure", as in Keras of that time."""
    text = f'model.fit(x, y, validation_data=v, callbacks=[WandbCallback(monitor="{monitor}", mode="{mode}")])\n'
    by_name = "max" if "acc" in monitor or monitor.startswith("fmeasure") else "min"
    expected = mode if mode in ("min", "max") else by_name
    assert f'monitor="{monitor}", mode="{expected}"' in after(text)


@given(st.lists(st.booleans(), min_size=1, max_size=3), st.sampled_from(["val_loss", "loss"]))
@FEW
def test_a_model_is_saved_where_any_of_the_trainings_could_save_one(validated: list[bool], monitor: str) -> None:
    fits = [f"model.fit(x, y{', validation_data=v' if known else ''}, callbacks=[c])\n" for known in validated]
    found = after(f'c = WandbCallback(monitor="{monitor}")\n' + "".join(fits))
    if found:  # of a callback in a variable it may say that it is left
        assert ("WandbModelCheckpoint" in found) is (monitor == "loss" or any(validated))


@pytest.mark.parametrize(("first", "second"), [(True, False), (False, True), (True, True), (False, False)])
def test_one_of_two_trainings_with_validation_data_is_enough(first: bool, second: bool) -> None:
    fits = "".join(f"model.fit(x, y{', validation_data=v' * known}, callbacks=cs)\n" for known in (first, second))
    found = after("cs = [WandbCallback()]\n" + fits)
    assert "WandbMetricsLogger" in found
    assert ("WandbModelCheckpoint" in found) is (first or second)


def test_the_defaults_are_those_of_the_class() -> None:
    assert {name: arguments.DEFAULTS[name] for name in DEFAULTS} == DEFAULTS


#: Of these a default that is written out is a wish: what keeps it is put there.
WISHES = {"log_best_prefix", "save_graph"}


@pytest.mark.parametrize("name", [name for name, value in DEFAULTS.items() if value is not None and name not in WISHES])
def test_a_default_that_is_written_out_asks_for_nothing(name: str) -> None:
    plain, written = (
        after(f"model.fit(x, y, validation_data=v, callbacks=[WandbCallback({given_})])\n")
        for given_ in ("", f"{name}={DEFAULTS[name]!r}")
    )
    assert written == plain


SWEEP = 'c = {"method": "grid", "metric": {"name": "val_loss"}}\n'


def test_where_runs_of_a_sweep_may_meet_each_has_a_file_of_its_own() -> None:
    """By the run's id, for which wandb has to be there."""
    fit = SWEEP + "model.fit(x, y, validation_data=v, callbacks=[WandbCallback()])\n"
    assert 'WandbModelCheckpoint(f"model-best-{wandb.run.id}.keras"' in after("import wandb\n" + fit)
    left = migrate(OLD + METRICS + fit, level=2)
    assert "wandb (for wandb.run.id) is not imported here" in reasons(left)


def test_why_batches_that_come_several_at_once_leave_the_callback() -> None:
    text = "model.compile(steps_per_execution=4)\nmodel.fit(x, y, callbacks=[WandbCallback(log_batch_frequency=2)])\n"
    assert "log_batch_frequency counted executions" in reasons(migrate(OLD + text, level=2))
