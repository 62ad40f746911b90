"""The fit calls that a callback is passed to, whether they have validation data, and which metrics there are."""

from __future__ import annotations

import libcst as cst
import pytest
from wandb_keras_codemods.documents.module import ModuleView
from wandb_keras_codemods.to_callbacks.fit_calls import (
    fit_calls_of,
    has_validation_data,
    is_append,
    is_fit,
    metric_names,
)


def calls(view: ModuleView, function: str) -> list[cst.Call]:
    return [call for call in view.nodes(cst.Call) if view.code(call.func) == function]


REACHED = {
    "m.fit(x, callbacks=[CB()])": 1,
    "m.fit_generator(x, callbacks=[CB()])": 1,
    "m.fit(callbacks=CB())": 1,
    "m.fit(callbacks=[a, (CB(), b)])": 1,
    "m.fit(callbacks=[*[CB()]])": 1,
    "m.fit(callbacks=f() + [CB()])": 1,
    "m.fit(callbacks=[CB()] if a else [])": 1,
    "m.fit(callbacks=[] if a else [CB()])": 1,
    "c = CB()\nm.fit(callbacks=[c])": 1,
    "c: T = CB()\nm.fit(callbacks=[c])": 1,
    "c = CB()\nm.fit(callbacks=[c])\nn.fit(callbacks=[c])": 2,
    "c = CB()\nm.fit(callbacks=[c, c])": 1,
    "c = [CB()]\nm.fit(callbacks=c)": 1,
    "c = []\nc += [CB()]\nm.fit(callbacks=c)": 1,
    "c = []\nc.append(CB())\nm.fit(callbacks=c)": 1,
    "c = []\nc.append(CB())\nc.extend(d)\nc.insert(0, e)\nm.fit(callbacks=c)": 1,
    "c = CB()\nd = [c]\ne = d\nf = e\nm.fit(callbacks=f)": 1,
    "c = CB()\nd = [c]\nif a:\n    m.fit(callbacks=d)\nelse:\n    m.fit(callbacks=[c])": 2,
    "def f():\n    c = CB()\n    m.fit(callbacks=[c])\ndef g(c):\n    m.fit(callbacks=[c])\n    h(c)": 1,
    "c = CB()": 0,
    "c = CB()\nc = None\nm.fit(callbacks=[c])": 1,
}
UNSEEN = {
    "m.fit(data=[CB()])",
    "m.fit(x, [CB()])",
    "m.train(callbacks=[CB()])",
    "fit(callbacks=[CB()])",
    "f(CB())",
    "c.extend([CB()])\nm.fit(callbacks=c)",
    "self.c = CB()\nm.fit(callbacks=[self.c])",
    "self.c.append(CB())",
    "c = d = CB()\nm.fit(callbacks=[c])",
    "return_(CB() if a else None)",
    "c = CB()\nm.fit(callbacks=[c])\nf(c)",
    "c = CB()\nm.fit(callbacks=[c])\nc.model",
    "c = []\nc.append(CB())\nm.fit(callbacks=c)\nc.clear()",
    "c = CB()\nd = [c]\ne = d\nf = e\ng = f\nh = g\nm.fit(callbacks=h)",
    "c = CB()\nc = [c]\nm.fit(callbacks=c)",
    "CB()",
    "m.fit(callbacks=[a] if CB() else [])",
}


@pytest.mark.parametrize(("code", "number"), REACHED.items(), ids=REACHED)
def test_the_fit_calls_of_a_callback_are_found_through_lists_and_variables(code: str, number: int) -> None:
    """Each once, and only those that get this one."""
    view = ModuleView(code + "\n")
    (callback,) = calls(view, "CB")
    found = fit_calls_of(view, callback)
    assert found is not None
    assert len({id(call) for call in found}) == len(found) == number
    assert all(is_fit(call) for call in found)


@pytest.mark.parametrize("code", sorted(UNSEEN))
def test_where_a_callback_goes_elsewhere_its_fit_calls_are_not_known(code: str) -> None:
    """Handed on, stored in an attribute, asked for something, or passed through too many variables."""
    view = ModuleView(code + "\n")
    (callback,) = calls(view, "CB")
    assert fit_calls_of(view, callback) is None


VALIDATED = {
    "": False,
    "x, y, 32, 10, 1, c": False,
    "x, y, 32, 10, 1, c, v": None,
    "x, validation_data=v": True,
    "x, validation_data=None": False,
    "x, validation_data=v if a else None": None,
    "x, validation_split=0.2": True,
    "x, validation_split=0": False,
    "x, validation_split=0.0": False,
    "x, validation_split=s": None,
    "x, validation_split=[]": None,
    "x, validation_data=None, validation_split=0.1": True,
    "x, validation_data=v, validation_split=0": True,
    "x, validation_data=v, validation_freq=1": True,
    "x, validation_data=v, validation_freq=2": None,
    "x, validation_freq=2, validation_data=v": None,
    "*x, validation_data=v": None,
    "x, validation_data=v, **o": None,
    "x, epochs=3, other=v": False,
}


@pytest.mark.parametrize(("arguments", "expected"), VALIDATED.items(), ids=VALIDATED)
def test_a_fit_call_says_whether_it_validates_in_every_epoch(arguments: str, expected: bool | None) -> None:
    """Or that only the running program knows."""
    view = ModuleView(f"m.fit({arguments})\n")
    (fit,) = view.nodes(cst.Call)
    assert has_validation_data(view, fit) is expected


METRICS = {
    "['acc', 'mae']": ["acc", "mae"],
    "('acc',)": ["acc"],
    "['acc', 'acc']": ["acc"],
    "[b'acc', 1, metric]": [],
    "[keras.metrics.MeanSquaredError()]": ["mean_squared_error"],
    "[AUC(), F1Score(), CategoricalAccuracy('x')]": ["auc", "f1_score", "categorical_accuracy"],
    "[Precision(name='p'), Recall(top_k=1, name='r')]": ["p", "r"],
    "[Precision(name=n)]": ["precision"],
    "['acc'] + more": [],
    "None": [],
}


@pytest.mark.parametrize(("metrics", "names"), METRICS.items(), ids=METRICS)
def test_metrics_have_the_names_that_keras_logs_them_under(metrics: str, names: list[str]) -> None:
    assert metric_names(ModuleView(f"m.compile('sgd', metrics={metrics})\n")) == names
    assert metric_names(ModuleView(f"m.compile('sgd', loss={metrics})\ncompile(metrics={metrics})\n")) == []


def test_metrics_of_all_models_of_a_module_count_once() -> None:
    code = "m.compile(metrics=['a', 'b'])\nn.compile(metrics=['b', 'c'])\nn.build(metrics=['d'])\nn.compile('sgd')\n"
    assert metric_names(ModuleView(code)) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("call", "appends", "fits"),
    [
        ("c.append(x)", True, False),
        ("c.append()", False, False),
        ("c.append(x, y)", False, False),
        ("append(x)", False, False),
        ("c.extend(x)", False, False),
        ("m.fit(x)", False, True),
        ("m.fit_generator(x)", False, True),
        ("m.fit_on(x)", False, False),
        ("fit(x)", False, False),
    ],
)
def test_what_is_an_append_and_what_a_fit(call: str, appends: bool, fits: bool) -> None:
    (node,) = ModuleView(call + "\n").nodes(cst.Call)
    assert (is_append(node), is_fit(node)) == (appends, fits)
    assert not is_append(node.func) and not is_fit(node.func)
    assert not is_append(None) and not is_fit(None)
