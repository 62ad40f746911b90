"""Calls for which there is no rule, and what is said of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from wandb_keras_compat.backends.operation_counts import Uncountable, operations, rules
from wandb_keras_compat.backends.operation_counts.calls import Call

from .drawn_models import L, keras

pytestmark = pytest.mark.skipif(not hasattr(keras, "ops"), reason="the rules are those of Keras 3")

SEQUENCE = (1, 3, 4)


@pytest.mark.parametrize(
    ("name", "inputs"),
    [("Matmul", [(3,), (3,)]), ("Matmul", [(1, 3), (3,)]), ("Matmul", [(1, 3)]), ("Einsum", [(1, 3), (3, 2)])],
)
def test_an_operation_that_nobody_measured_is_not_counted(name: str, inputs: list[Any]) -> None:
    call = Call(SimpleNamespace(name="x"), inputs, [(1, 2)])
    with pytest.raises(Uncountable, match="x.* is an operation for which there is no rule$"):
        operations.operations_of(call, name)


def test_a_product_of_matrices_is_a_product_and_a_sum_for_each_term() -> None:
    assert operations.operations_of(Call(SimpleNamespace(name="x"), [(1, 3), (3, 2)], [(1, 2)]), "Matmul") == 12


MASKED = {
    "AdditiveAttention": lambda: L.AdditiveAttention(),
    "Attention": lambda: L.Attention(),
    "GlobalAveragePooling1D": lambda: L.GlobalAveragePooling1D(),
    "MultiHeadAttention": lambda: L.MultiHeadAttention(1, 2),
    "Softmax": lambda: L.Softmax(),
    "TimeDistributed": lambda: L.TimeDistributed(L.Dense(2)),
}


@pytest.mark.parametrize("name", MASKED)
def test_a_layer_that_reads_masks_is_not_counted_where_there_is_one(name: str) -> None:
    call = Call(MASKED[name](), [SEQUENCE], [SEQUENCE], masked=True)
    with pytest.raises(Uncountable, match="is given a mask$"):
        rules.operations_of(call, lambda _: 0)


def test_a_layer_that_reads_no_mask_is_counted_beside_one() -> None:
    call = Call(L.ReLU(), [SEQUENCE], [SEQUENCE], masked=True)
    assert rules.operations_of(call, lambda _: 0) == rules.operations_of(
        Call(call.layer, call.inputs, call.outputs), lambda _: 0
    )
