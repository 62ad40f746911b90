"""What Keras 2 had and Keras 3 has not, asked for by module and name."""

from __future__ import annotations

import pytest
from wandb_keras_codemods.keras_removed import not_in_tf_keras, removed_module, removed_name


@pytest.mark.parametrize(
    ("below", "of_keras", "of_tensorflow"),
    [
        ("utils.np_utils", True, True),
        ("layers.core", True, True),
        ("layers.core.Dense", True, True),
        ("engine.base_layer.x", True, True),
        ("preprocessing.text", True, False),
        ("layers", False, False),
        ("layers.corex", False, False),
        ("utils", False, False),
        ("", False, False),
    ],
)
def test_a_module_is_gone_with_all_that_is_in_it(below: str, of_keras: bool, of_tensorflow: bool) -> None:
    """``tf.keras`` has kept some."""
    assert removed_module(below) == of_keras
    assert removed_module(below, tensorflow=True) == of_tensorflow


@pytest.mark.parametrize(
    ("below", "name", "of_keras", "of_tensorflow"),
    [
        ("layers", "CuDNNLSTM", True, True),
        ("layers", "ThresholdedReLU", True, False),
        ("layers", "Dense", False, False),
        ("layers", "CuDNN", False, False),
        ("backend", "mean", True, False),
        ("backend", "epsilon", False, False),
        ("backend", "get_session", True, True),
        ("preprocessing.image", "ImageDataGenerator", True, False),
        ("preprocessing.image", "DataFrameIterator", True, True),
        ("preprocessing", "text", True, False),
        ("preprocessing.text", "Tokenizer", True, False),
        ("utils", "np_utils", True, True),
        ("utils", "to_categorical", False, False),
        ("utils.np_utils", "to_categorical", True, True),
        ("", "objectives", True, True),
        ("", "estimator", True, True),
        ("", "layers", False, False),
        ("nowhere", "Dense", False, False),
    ],
)
def test_a_name_is_gone_itself_or_with_its_module(below: str, name: str, of_keras: bool, of_tensorflow: bool) -> None:
    assert removed_name(below, name) == of_keras
    assert removed_name(below, name, tensorflow=True) == of_tensorflow


@pytest.mark.parametrize(
    ("below", "gone"),
    [
        ("wrappers", True),
        ("wrappers.scikit_learn.KerasClassifier", True),
        ("utils.multi_gpu_model", True),
        ("utils.np_utils", False),
        ("utils", False),
        ("layers.Highway", True),
        ("layers.CuDNNLSTM", False),
    ],
)
def test_what_tf_keras_has_no_more_either(below: str, gone: bool) -> None:
    assert not_in_tf_keras(below) == gone
