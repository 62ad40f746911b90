"""Attention."""

from __future__ import annotations

from .calls import Call, size

_PLAIN_ARGUMENTS = frozenset({"query", "value", "key", "training", "use_causal_mask"})


def _luong(call: Call) -> int:
    """``Attention``: the scores of a query for each value, a softmax of them, and the values weighted with it."""
    scores, width = _scores(call)
    if call.layer.score_mode == "concat":
        scaled = scores * width if call.layer.use_scale else 0
        operations = scaled + _sums(scores, width) + scores
    else:
        operations = 2 * scores * width + (scores if call.layer.use_scale else 0)
    return operations + _weighted(call, scores)


def _additive(call: Call) -> int:
    scores, width = _scores(call)
    return scores * width + _sums(scores, width) + _weighted(call, scores)


def _scores(call: Call) -> tuple[int, int]:
    """The number of scores, and what each is a sum of."""
    if set(call.arguments) - {"training"} or any(len(shape) != 3 for shape in call.inputs) or len(call.outputs) > 1:
        raise call.uncountable("is called with a mask, for its scores, or on other than three axes")
    query, value = call.inputs[:2]
    return query[1] * value[1], query[2]


def _sums(scores: int, width: int) -> int:
    return scores * width + scores * (width - 1)


def _weighted(call: Call, scores: int) -> int:
    return 5 * scores + 2 * scores * call.inputs[1][2]


def _multi_head(call: Call) -> int:
    """Projections of query, key and value, the attention of each head, the projection of what they give.

    Without dropout the heads' two products are one operation of Keras, whose products the profiler does not count.
    """
    layer = call.layer
    if set(call.arguments) - _PLAIN_ARGUMENTS or len(call.outputs) > 1 or any(len(s) != 3 for s in call.inputs):
        raise call.uncountable("is called with a mask, for its scores, or on other than three axes")
    query, value, key = (*call.inputs, call.inputs[1])[:3]
    heads, bias = int(layer.num_heads), 1 if layer.use_bias else 0
    queries, values = query[1], value[1]
    width, width_of_values = int(layer.key_dim), int(layer.value_dim)
    operations = 0
    for source, columns in ((query, width), (key, width), (value, width_of_values)):
        projected = source[1] * heads * columns
        operations += 2 * source[2] * projected + bias * projected
    operations += (2 * heads * width_of_values + bias) * size(call.outputs[0])
    scores = heads * queries * values
    operations += 5 * scores
    if layer.dropout > 0:
        operations += queries * values if call.arguments.get("use_causal_mask") else 0  # which of them come before
        return operations + queries * heads * width + 2 * scores * (width + width_of_values)
    return operations + scores


RULES = {"Attention": _luong, "AdditiveAttention": _additive, "MultiHeadAttention": _multi_head}
