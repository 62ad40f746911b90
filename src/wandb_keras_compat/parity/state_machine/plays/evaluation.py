"""Evaluation tables: which columns, which cells, when, the same from everyone."""

from __future__ import annotations

from typing import Any

from .. import pools, shapes
from ..data import RowFunction, Samples
from ..drawing import st
from ..events import Play
from ..property import Property

VECTORS = shapes.SOME[:1] + shapes.SOME[3:] + shapes.TO_LABELS[:1] + (shapes.NORMALIZED,)
NETS = (*VECTORS, *shapes.TO_IMAGES[:2])


#: What fit validates on, in the forms that the callback reads beside Keras.
VALIDATION = st.one_of(
    st.none(),
    st.builds(
        Samples,
        count=st.sampled_from([2, 4, 6, 64]),
        form=st.sampled_from(["arrays", "arrays", "list", "weighted", "dataset"]),
        seed=st.just(3),
    ),
)


def functions(*keys: str) -> st.SearchStrategy[Any]:
    made = [RowFunction(key, fails) for key in keys for fails in (False, True)]
    return st.sampled_from([None, None, None, None, *made])


@st.composite
def arguments(draw: Any, vectors: bool, of_fit: bool) -> dict[str, Any]:
    """Data in every form, or none; *vectors* is whether the network gives a vector, *of_fit* whether fit has data."""
    data = Samples(
        count=draw(st.sampled_from([2, 4, 4, 40, 64])),
        form=draw(st.sampled_from(["arrays", "arrays", "list", "forever", "dataset", "sequence"])),
        y=draw(st.sampled_from(["quarters", "one_hot", *["integers"] * vectors])),
        seed=draw(st.integers(0, 2)),
    )
    under = "generator" if data.form == "forever" and draw(st.booleans()) else "validation_data"
    labels = [None, ["a", "b", "c"], ("a", "b", "c"), ["a", "b", "c", "d"]]
    return {
        "log_evaluation": not pools.rarely(draw),
        "log_evaluation_frequency": draw(st.sampled_from([0, 1, 2, -1])),
        "labels": draw(st.sampled_from(labels)),
        "validation_steps": draw(st.sampled_from([None, 1, 2])),
        "validation_row_processor": draw(functions("input", "target")),
        "prediction_row_processor": draw(functions("output")),
        "infer_missing_processors": draw(st.sampled_from([True, True, False])),
        under: None if pools.rarely(draw) or (of_fit and draw(st.booleans())) else data,
    }


@st.composite
def plays(draw: Any) -> Play:
    net = draw(st.sampled_from(NETS))
    events = pools.trainings(pools.logs_of(["loss"], pools.NUMBERS), weights=(1, 2))
    validation = draw(VALIDATION)
    given = draw(arguments(net in VECTORS, validation is not None))
    return Play(
        {**given, "save_model": False, "save_graph": False},
        draw(events),
        net=net,
        validation=validation,
        inline=draw(st.booleans()),
    )


PROPERTY = Property("evaluation", plays(), share=0.5)
