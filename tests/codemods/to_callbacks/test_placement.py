"""Where a legacy callback stands, and which fit calls it reaches."""

from __future__ import annotations

import pytest

from ..tools import check_transformed, migrate, reasons

OLD = "from wandb.keras import WandbCallback\n"
SHIM = "from wandb_keras_compat import WandbCallback\n"
BOTH = "from wandb_keras_compat import WandbCallback, WandbMetricsLogger\n"
LOG = "from wandb_keras_compat import WandbMetricsLogger\n"
NEW = "from wandb_keras_compat import WandbMetricsLogger, WandbModelCheckpoint\n"
BEST = 'WandbMetricsLogger(), WandbModelCheckpoint("model-best.keras", monitor="val_loss", mode="min", save_best_only=True, best_of_run=True)'
VAL = "validation_data=v"
ONE = {
    "bare": "fit(x, callbacks={})\n",
    "variable in a list": "cb = {}\nmodel.fit(x, callbacks=[cb])\n",
    "variable, appended": "cb = {}\ncbs = []\ncbs.append(cb)\nmodel.fit(x, callbacks=cbs)\n",
    "conditional in a list": "model.fit(x, callbacks=[{} if use else other()])\n",
    "conditional list": "cbs = [{}] if use else []\n",
    "tuple": "cbs = (a, {})\n",
    "added": "cbs = []\ncbs += [{}]\n",
    "appended": "cbs = []\ncbs.append({})\nmodel.fit(x, callbacks=cbs)\n",
    "default of a parameter": "def f(cbs=[{}]):\n    pass\n",
    "list that is returned": "def f():\n    return [{}]\n",
}


@pytest.mark.parametrize("text", ONE.values(), ids=ONE)
def test_one_for_one(text: str) -> None:
    """Where there is room for one, a logger fits."""
    text = text.replace("fit(x, callbacks={}", "model.fit(x, callbacks={}") if text.startswith("fit") else text
    check_transformed(
        OLD + text.replace("{}", "WandbCallback(save_model=False)"),
        LOG + text.replace("{}", "WandbMetricsLogger()"),
        level=2,
    )


TWO = {
    "star": f"a = [{{}}]\nmodel.fit(x, {VAL}, callbacks=[*a, b])\n",
    "two fits": f"a = [{{}}]\nmodel.fit(x, {VAL}, callbacks=a)\nmodel.fit(z, validation_split=0.1, callbacks=a)\n",
    "fit_generator": f"model.fit_generator(x, {VAL}, callbacks=[{{}}])\n",
    "one per line": f"model.fit(\n    x, {VAL},\n    callbacks=[\n        a,\n        {{}},\n    ],\n)\n",
}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("text", TWO.values(), ids=TWO)
def test_two_for_one(text: str, end: str) -> None:
    """Where there is a list, the logger and the checkpoint stand in it; lines that are added end as the others do."""
    new = BEST.replace("), W", "),\n        W") if "        {}" in text else BEST
    before, after = OLD + text.replace("{}", "WandbCallback()"), NEW + text.replace("{}", new)
    check_transformed(before.replace("\n", end), after.replace("\n", end), level=2)


def test_a_comment_in_the_call_gets_a_line_of_its_own_where_the_call_is_within_one() -> None:
    check_transformed(
        OLD + "if x:\n    cbs.append(WandbCallback(save_model=False  # no\n    ))\n",
        LOG + "if x:\n    cbs.append(WandbMetricsLogger(\n        # save_model=False  # no\n    ))\n",
        level=2,
    )


SEVERAL = {
    "bare": (f"model.fit(x, {VAL}, callbacks=L)\n", f"model.fit(x, {VAL}, callbacks=[NEW])\n"),
    "bare, conditional": (
        f"model.fit(x, {VAL}, callbacks=L if use else None)\n",
        f"model.fit(x, {VAL}, callbacks=[NEW] if use else None)\n",
    ),
    "in parentheses": (f"model.fit(x, {VAL}, callbacks=[(L), a])\n", f"model.fit(x, {VAL}, callbacks=[NEW, a])\n"),
    "conditional in a list": (
        f"model.fit(x, {VAL}, callbacks=[L if use else a, b])\n",
        f"model.fit(x, {VAL}, callbacks=[*([NEW] if use else [a]), b])\n",
    ),
    "conditional in a list, otherwise, in parentheses": (
        f"model.fit(x, {VAL}, callbacks=[( (a) if not use else L )])\n",
        f"model.fit(x, {VAL}, callbacks=[*( [(a)] if not use else [NEW] )])\n",
    ),
    "variable": (
        f"cb = L\nl = [a, cb]\nl.append(cb)\nmodel.fit(x, {VAL}, callbacks=cb)\nmodel.fit(x, {VAL}, callbacks=l)\n",
        f"cb = [NEW]\nl = [a, *cb]\nl.extend(cb)\nmodel.fit(x, {VAL}, callbacks=cb)\nmodel.fit(x, {VAL}, callbacks=l)\n",
    ),
    "appended in parentheses": (
        f"l = []\nl.append(\n    (L)\n)\nmodel.fit(x, {VAL}, callbacks=l)\n",
        f"l = []\nl.extend(\n    [NEW]\n)\nmodel.fit(x, {VAL}, callbacks=l)\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), SEVERAL.values(), ids=SEVERAL)
def test_several_where_one_stood(before: str, after: str) -> None:
    """A list takes the place, unpacked where the callback stood among others."""
    check_transformed(OLD + before.replace("L", "WandbCallback()"), NEW + after.replace("NEW", BEST), level=2)


def test_four_with_the_old_keys_in_a_variable() -> None:
    """The list is the value."""
    check_transformed(
        OLD + "cb = WandbCallback()\ntrain.fit(x, callbacks=[cb])\n",
        "from wandb_keras_compat import WandbBestModel, WandbBestSummary, WandbGraphLogger, WandbMetricsLogger\n"
        'cb = [WandbGraphLogger(), WandbMetricsLogger(keys="legacy"), WandbBestSummary(), WandbBestModel()]\n'
        "train.fit(x, callbacks=[*cb])\n",
        level=2,
        keys="legacy",
    )


LEGACY_BEST = 'WandbGraphLogger(), WandbMetricsLogger(keys="both"), WandbBestSummary()'


def test_a_variable_that_is_bound_in_both_branches() -> None:
    """All of its values become lists together, unpacked wherever it is used; with one for each it stays one."""
    text = "if big:\n    cb = {}\nelse:\n    cb = {}\nmodel.fit(x, validation_data=v, callbacks=[cb, a])\n"
    check_transformed(
        OLD + text.format("WandbCallback(save_model=False)", "WandbCallback()"),
        "from wandb_keras_compat import WandbBestModel, WandbBestSummary, WandbGraphLogger, WandbMetricsLogger\n"
        + text.replace("[cb", "[*cb").format(f"[{LEGACY_BEST}]", f"[{LEGACY_BEST}, WandbBestModel()]"),
        level=2,
        keys="both",
    )
    one = "WandbCallback(save_model=False, log_best_prefix=None)"
    check_transformed(
        OLD + text.format(one, one), LOG + text.format("WandbMetricsLogger()", "WandbMetricsLogger()"), level=2
    )
    one_for_one = text.format(one, "WandbCallback(save_model=False, log_weights=True, log_best_prefix=None)")
    outcome = migrate(OLD + one_for_one, level=2)
    assert outcome.after is not None
    assert "    cb = [WandbMetricsLogger()]\n" in outcome.after.decode()


@pytest.mark.parametrize(
    "other",
    ["WandbCallback(**k)", "WandbCallback(log_weights=on)", "Other()", "None", "other"],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_variable_one_value_of_which_stays(other: str, first: bool) -> None:
    """No other value of it becomes a list."""
    values = (other, "WandbCallback()") if first else ("WandbCallback()", other)
    text = "if big:\n    cb = {}\nelse:\n    cb = {}\nmodel.fit(x, validation_data=v, callbacks=[cb])\n".format(*values)
    outcome = check_transformed(OLD + text, SHIM + text, level=2)
    assert "the uses of its variable" in reasons(outcome)


REFUSED = {
    "a variable bound twice": (
        f"cb = None\ncb = {{}}\nmodel.fit(x, {VAL}, callbacks=[cb])\n",
        "the uses of its variable",
    ),
    "a variable for others": (f"cb = {{}}\nmodel.fit(x, {VAL})\n", "the uses of its variable"),
    "a variable with a type": (f"cb: C = {{}}\nmodel.fit(x, {VAL}, callbacks=[cb])\n", "with a type"),
    "two in a conditional": (
        f"model.fit(x, {VAL}, callbacks=[{{}} if a else b if c else WandbCallback(save_model=False)])\n",
        "in a conditional expression with another one",
    ),
    "a conditional in a conditional": (
        f"model.fit(x, {VAL}, callbacks=[a if b else {{}} if c else d])\n",
        "have no room",
    ),
    "a conditional for another function": ("train(callback={} if use else None)\n", "have no room"),
    "returned": ("def f():\n    return L\n", "handed on"),
    "in a dict": ("d = {'cb': L}\n", "handed on"),
    "in an attribute": ("self.cb = L\n", "attribute"),
}


@pytest.mark.parametrize(
    "use", ["print(len(cbs))", "first = cbs[0]", "for i, cb in enumerate(cbs): pass", "cbs[-1].x = 1"]
)
@pytest.mark.parametrize("put", ["cbs = [{}]", "cbs = []\ncbs.append({})", "cbs = []\ncbs += [{}]"])
def test_a_list_whose_length_matters_gets_no_more(use: str, put: str) -> None:
    """One for one is all right."""
    text = OLD + put + "\n" + use + "\nmodel.fit(x, callbacks=cbs)\n"
    outcome = migrate(text.format("WandbCallback(log_weights=True, save_model=False)"), level=2)
    assert "there would be more" in reasons(outcome)
    assert reasons(migrate(text.format("WandbCallback(save_model=False)"), level=2)) == ""


UNSEEN = {
    "fit unseen": "def f():\n    return [{}]\n",
    "handed to a function": "cbs = [{}]\ntrain(cbs)\n",
    "fit with and without": f"cbs = [{{}}]\nmodel.fit(x, {VAL}, callbacks=cbs)\nmodel.fit(x, callbacks=cbs)\n",
    "fit by keywords": "model.fit(x, callbacks=[{}], **options)\n",
    "validation not in every epoch": f"model.fit(x, {VAL}, validation_freq=2, callbacks=[{{}}])\n",
    "perhaps validation": "model.fit(x, validation_data=v if c else None, callbacks=[{}])\n",
}


@pytest.mark.parametrize("text", UNSEEN.values(), ids=UNSEEN)
def test_whether_there_is_a_value_need_not_be_known(text: str) -> None:
    """Where the monitored value is missing, the package's checkpoint saves nothing, as the legacy callback did."""
    check_transformed(OLD + text.replace("{}", "WandbCallback()"), NEW + text.replace("{}", BEST), level=2)


@pytest.mark.parametrize(("text", "why"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, why: str) -> None:
    """Where two do not fit, or what follows cannot be seen."""
    before = OLD + text.replace("{}", "WandbCallback()").replace("L\n", "WandbCallback(save_model=False)\n")
    before = before.replace("L}", "WandbCallback(save_model=False)}")
    outcome = check_transformed(before, before.replace(OLD, SHIM), level=2)
    assert why in reasons(outcome)


def test_an_attribute_of_the_instance() -> None:
    """``.best`` has no counterpart."""
    outcome = migrate(OLD + "cb = WandbCallback(save_model=False)\nfit(callbacks=[cb])\nprint(cb.best)\n", level=2)
    assert ".best is used" in reasons(outcome)


def test_an_import_that_is_still_needed_stays() -> None:
    """One call of two is rewritten: both imports."""
    check_transformed(
        OLD + "a = [WandbCallback(save_model=False)]\nb = [WandbCallback(**k)]\n",
        "from wandb_keras_compat import WandbCallback, WandbBestSummary, WandbMetricsLogger\n"
        "a = [WandbMetricsLogger(), WandbBestSummary()]\nb = [WandbCallback(**k)]\n",
        level=2,
    )
    check_transformed(
        "__all__ = ['WandbCallback']\n" + OLD + "a = [WandbCallback(save_model=False)]\n",
        "__all__ = ['WandbCallback']\n" + BOTH + "a = [WandbMetricsLogger()]\n",
        level=2,
    )
    check_transformed(
        "try:\n    from wandb.keras import WandbCallback\nexcept ImportError:\n    WandbCallback = None\n"
        "a = [WandbCallback(save_model=False)] if WandbCallback else []\n",
        "try:\n    from wandb_keras_compat import WandbCallback, WandbMetricsLogger\n"
        "except ImportError:\n    WandbCallback = None\na = [WandbMetricsLogger()] if WandbCallback else []\n",
        level=2,
    )


def test_a_name_that_is_taken() -> None:
    """The new class is named by its module where its plain name is something else."""
    check_transformed(
        OLD + "class WandbMetricsLogger: pass\na = [WandbCallback(save_model=False)]\n",
        "import wandb_keras_compat\nclass WandbMetricsLogger: pass\na = [wandb_keras_compat.WandbMetricsLogger()]\n",
        level=2,
    )


def test_attribute_uses_come_along() -> None:
    """Level 2 works on what level 1 leaves."""
    check_transformed(
        "import wandb\na = [wandb.keras.WandbCallback(save_model=False)]\n",
        "import wandb\nfrom wandb_keras_compat import WandbMetricsLogger\na = [WandbMetricsLogger()]\n",
        level=2,
    )


def test_a_name_that_is_taken_adds_no_import_of_the_others() -> None:
    """All of the new callbacks can be named, or the call stays and nothing is imported."""
    before = (
        "import wandb\ndef WandbMetricsLogger(): pass\nwandb_keras_compat = 1\n"
        "fit(callbacks=[WandbCallback(save_model=False, log_weights=True)])\n"
    )
    outcome = check_transformed(OLD + before + "wandb = None\n", SHIM + before + "wandb = None\n", level=2, keys="both")
    assert "no free name" in reasons(outcome)
