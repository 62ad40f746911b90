"""Example images: which, in which order, with which caption and colours, the same from everyone."""

from __future__ import annotations

from typing import Any

from .. import pools, shapes
from ..data import Samples
from ..drawing import st
from ..events import Play
from ..nets import Net
from ..property import Property

PICTURES = ("image", "images", "segmentation_mask")
COLORS = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0]]


@st.composite
def arguments(draw: Any, net: Net, of_fit: bool) -> dict[str, Any]:
    """Types that fit the shapes of *net*, or are to be guessed from them; data in every form, or none.

    *of_fit* is whether fit has data.
    """
    is_picture = len(net.shape) == 3, len(net.shapes[net.layers[-1].name]) == 3
    inputs = [None, "auto", "other", *(PICTURES * 3 if is_picture[0] else ["label"] * 4)]
    outputs = [None, *(PICTURES * 2 if is_picture[1] else ["label", "label", "label", "other"])]
    count = draw(st.sampled_from([1, 2, 3, 4] * 3 + [36, 40, 64]))
    predictions = draw(st.sampled_from([36, 36, 36, 2, 1, 1000, 0, -1]))
    data = Samples(
        count=count,
        form=draw(
            st.sampled_from(
                ["arrays", "arrays", "arrays", "list", "list", "forever", "forever", "finite", "dataset", "sequence"]
            )
        ),
        x=draw(st.sampled_from(["pixels", "quarters"])),
        y=draw(st.sampled_from(["pixels", "quarters", "one_hot"])),
        seed=draw(st.integers(0, 3)),
        alike=count > predictions,
    )
    under = "generator" if data.form in ("forever", "finite") and draw(st.booleans()) else "validation_data"
    return {
        "input_type": draw(st.sampled_from(inputs)),
        "output_type": draw(st.sampled_from(outputs)),
        "labels": draw(st.sampled_from([None, ["no", "yes"], ("a", "b", "c"), ["a"]])),
        "predictions": predictions,
        "class_colors": draw(st.sampled_from([None, COLORS])),
        under: None if pools.rarely(draw) or (of_fit and draw(st.booleans())) else data,
    }


@st.composite
def validation(draw: Any, predictions: int) -> Samples:
    """What fit validates on, in the forms that the callback reads beside Keras."""
    count = draw(st.sampled_from([2, 3, 6] * 2 + [64]))
    form = draw(st.sampled_from(["arrays", "arrays", "list", "weighted", "dataset"]))
    return Samples(count, form, "pixels", "pixels", seed=4, alike=count > predictions)


@st.composite
def plays(draw: Any) -> Play:
    net = draw(st.sampled_from((*shapes.TO_LABELS, shapes.NORMALIZED, *shapes.TO_IMAGES, *shapes.FROM_LABELS)))
    events = pools.trainings(pools.logs_of(["loss"], pools.NUMBERS), batches=0, weights=(1, 2, 3))
    of_fit = draw(st.booleans())
    given = draw(arguments(net, of_fit))
    return Play(
        {**given, "save_model": False, "save_graph": False},
        draw(events),
        net=net,
        validation=draw(validation(given["predictions"])) if of_fit else None,
        inline=draw(st.booleans()),
    )


PROPERTY = Property("examples", plays(), share=0.5)
