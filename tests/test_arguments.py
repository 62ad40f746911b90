"""The constructor."""

from __future__ import annotations

import inspect
import re
from typing import Any

import numpy as np
import pytest
import wandb
from hypothesis import given
from hypothesis import strategies as st

from wandb_keras_compat import WandbCallback, small_callbacks
from wandb_keras_compat.arguments import ARGUMENTS, BY_NAME, DEFAULTS, NAMES, OLD_NAMES, nearest
from wandb_keras_compat.features import REGISTRY
from wandb_keras_compat.options import Options
from wandb_keras_compat.parity.state_machine.legacy_model import state as legacy_model

from .builders import callback, keras
from .conftest import Observed, Runs

#: The legacy signature, by hand: order and defaults are public.
SIGNATURE: list[tuple[str, Any]] = [
    ("monitor", "val_loss"),
    ("verbose", 0),
    ("mode", "auto"),
    ("save_weights_only", False),
    ("log_weights", False),
    ("log_gradients", False),
    ("save_model", True),
    ("training_data", None),
    ("validation_data", None),
    ("labels", None),
    ("predictions", 36),
    ("generator", None),
    ("input_type", None),
    ("output_type", None),
    ("log_evaluation", False),
    ("validation_steps", None),
    ("class_colors", None),
    ("log_batch_frequency", None),
    ("log_best_prefix", "best_"),
    ("save_graph", True),
    ("validation_indexes", None),
    ("validation_row_processor", None),
    ("prediction_row_processor", None),
    ("infer_missing_processors", True),
    ("log_evaluation_frequency", 0),
    ("compute_flops", False),
]


def test_the_signature_is_legacys() -> None:
    parameters = list(inspect.signature(WandbCallback.__init__).parameters.values())[1:]
    *legacy, ours, rest = parameters
    assert [(p.name, p.default) for p in legacy] == SIGNATURE
    assert {p.kind for p in legacy} == {inspect.Parameter.POSITIONAL_OR_KEYWORD}
    assert (ours.name, ours.default, ours.kind) == ("keys", "legacy", inspect.Parameter.KEYWORD_ONLY)
    assert rest.kind is inspect.Parameter.VAR_KEYWORD
    assert [(name, getattr(Options(), name)) for name in NAMES] == SIGNATURE


def documented(kind: type) -> dict[str, str]:
    """The text of each argument in the docstring of *kind*."""
    section = re.search(r"Args:\n(.*?)\n\n", inspect.getdoc(kind) + "\n\n", re.DOTALL)
    found = re.split(r"^    (\w+): ", section.group(1), flags=re.MULTILINE)[1:]
    return {name: " ".join(text.split()) for name, text in zip(found[::2], found[1::2])}


def test_the_docstring_is_that_of_the_table() -> None:
    assert documented(WandbCallback) == {argument.name: argument.text for argument in ARGUMENTS}
    assert [*documented(WandbCallback)] == [argument.name for argument in ARGUMENTS]


def test_the_codemods_have_the_defaults_of_the_table() -> None:
    pytest.importorskip("libcst", reason="the codemods are an extra")
    from wandb_keras_codemods.to_callbacks import arguments as codemods

    assert [*codemods.DEFAULTS.items()] == [(name, DEFAULTS[name]) for name in NAMES]


def test_the_model_of_the_legacy_class_has_the_defaults_of_the_table() -> None:
    legacy = {name: DEFAULTS[name] for name in NAMES}
    assert [*legacy_model.DEFAULTS.items()] == [*legacy.items(), ("save_model_as_artifact", True)]  # an attribute


#: Where a small callback has an argument of another default than the legacy one, or of another name, and why.
OTHER_NAMES = {"prefix": "log_best_prefix", "frequency": "log_evaluation_frequency", "indexes": "validation_indexes"}
OTHER_DEFAULTS = {
    ("WandbExamplesLogger", "input_type"): "auto",  # who asks for examples wants some
    ("WandbGradientsLogger", "training_data"): inspect.Parameter.empty,  # it has nothing else to take gradients of
}


@pytest.mark.parametrize("name", sorted(small_callbacks.__all__))
def test_small_callbacks_take_the_arguments_of_their_capabilities_with_the_same_defaults(name: str) -> None:
    kind = getattr(small_callbacks, name)
    for parameter in [*inspect.signature(kind).parameters.values()]:
        argument = BY_NAME[OTHER_NAMES.get(parameter.name, parameter.name)]
        assert set(argument.capabilities) & set(kind.capabilities), parameter.name
        assert parameter.default == OTHER_DEFAULTS.get((name, parameter.name), argument.default), parameter.name


def test_every_capability_has_arguments_and_every_argument_one() -> None:
    known = {entry.name for entry in REGISTRY}
    assert {capability for argument in ARGUMENTS for capability in argument.capabilities} == known


@given(st.sampled_from(NAMES), st.data())
def test_a_keyword_short_of_a_letter_is_warned_of_and_one_unlike_all_is_taken(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(name) - 1))
    assert nearest(name[:at] + name[at + 1 :]) is not None
    assert nearest(name[::-1] + "_q") is None


@pytest.mark.parametrize("keyword", ["log_confusion_matrix", "save_best_only", "class_names", "log_freq", *OLD_NAMES])
def test_keywords_of_other_callbacks_and_of_older_versions_are_taken_in_silence(keyword: str) -> None:
    assert nearest(keyword) is None


def test_public_attributes(observed: Observed) -> None:
    under_test = callback(labels=None, predictions=500, class_colors=[[0, 0, 1]])
    assert under_test.labels == []
    assert under_test.predictions == 100
    assert isinstance(under_test.class_colors, np.ndarray)
    assert under_test.save_model_as_artifact is True
    of_keras = vars(keras.callbacks.Callback())  # before a training Keras 2 has no `params`
    assert under_test.current is None
    assert {name: vars(under_test).get(name, "nothing") for name in of_keras} == of_keras
    private = {name for name in NAMES if not hasattr(under_test, name)}
    assert private == {
        "mode", "validation_indexes", "validation_row_processor", "prediction_row_processor",
        "infer_missing_processors", "log_evaluation_frequency",
    }  # fmt: skip
    assert {"best", "monitor_op", "filepath", "current"} <= set(vars(under_test))
    assert isinstance(under_test, keras.callbacks.Callback)


def test_quirk_05_unknown_keywords_are_accepted_in_silence(observed: Observed) -> None:
    callback(save_everything=True, magic=3)
    assert observed.warnings == []


def test_quirk_05_data_type_is_input_type_and_says_so(observed: Observed) -> None:
    assert callback(data_type="image", input_type="label").input_type == "image"
    assert len(observed.warnings) == 1
    assert "input_type" in observed.warnings[0]


def test_quirk_05_the_documented_name_of_the_processor_works(observed: Observed) -> None:
    def documented(index: Any, row: Any) -> dict[str, Any]:
        return {}

    def named(index: Any, row: Any) -> dict[str, Any]:
        return {}

    assert callback(output_row_processor=documented)._prediction_row_processor is documented
    both = callback(output_row_processor=documented, prediction_row_processor=named)
    assert both._prediction_row_processor is named


def test_validation_data_that_hands_out_batches_is_the_generator(observed: Observed) -> None:
    batches = iter([])
    under_test = callback(validation_data=batches)
    assert (under_test.validation_data, under_test.generator) == (None, batches)


def test_before_a_run_there_is_no_callback(runs: Runs) -> None:
    wandb.finish()
    with pytest.raises(wandb.Error, match="You must call wandb.init\\(\\) before WandbCallback\\(\\)"):
        WandbCallback()


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"log_gradients": True}, ValueError, "training_data argument is required for gradient logging."),
        ({"monitor": None}, TypeError, "monitor must be"),
        ({"predictions": "many"}, TypeError, "predictions must be"),
        ({"log_batch_frequency": "epoch"}, TypeError, "log_batch_frequency must be"),
        ({"log_evaluation_frequency": None}, TypeError, "log_evaluation_frequency must be"),
        ({"generator": True}, TypeError, "generator must be"),
        ({"validation_row_processor": "id"}, TypeError, "validation_row_processor must be"),
        ({"prediction_row_processor": "id"}, TypeError, "prediction_row_processor must be"),
        ({"output_type": "segmentation_mask", "class_colors": [1, 2]}, ValueError, "class_colors must be"),
    ],
)
def test_mistakes_are_refused_at_construction(
    observed: Observed, options: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error) as raised:
        callback(**options)
    assert says in str(raised.value)


def test_false_is_taken_for_no_generator(observed: Observed) -> None:
    assert callback(generator=False).generator is False


def test_get_flops_needs_a_model(observed: Observed) -> None:
    with pytest.raises(wandb.Error, match="self.model must be set before using this method."):
        callback().get_flops()


def test_log_dataframe_is_as_dead_as_it_was(observed: Observed) -> None:
    # Legacy never called it, and whoever did got an AttributeError from inside it.
    with pytest.raises(AttributeError):
        callback()._log_dataframe()
