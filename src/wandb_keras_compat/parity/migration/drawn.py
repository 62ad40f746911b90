"""Programs that nobody wrote: statements drawn and put together, as people import, make, hand on, reuse and read back.

:func:`drawn` gives the same programs each time it is asked for so many.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..state_machine.drawing import HealthCheck, Phase, given, seed, settings, st

#: So many are played with all others. Most are of forms that level 2 rewrites.
NUMBER = 60

_DATA = """\
tf.keras.utils.set_random_seed({seed})
x = np.random.rand(16, 3).astype("float32")
y = x.sum(axis=1, keepdims=True)
x_val, y_val = x[:6], y[:6]


def build():
    model = tf.keras.Sequential([tf.keras.Input((3,)), tf.keras.layers.Dense(1)])
    model.compile(tf.keras.optimizers.SGD({rate}), "mse", metrics=["mae"])
    return model

"""
#: The statement that imports, and what the class is called by it.
_IMPORTS = [
    ("from wandb.keras import WandbCallback", "WandbCallback"),
    ("from wandb.keras import WandbCallback as Tracker", "Tracker"),
    ("import wandb.keras", "wandb.keras.WandbCallback"),
    ("import wandb.keras as tracking", "tracking.WandbCallback"),
    ("from wandb import keras as tracking", "tracking.WandbCallback"),
    ("from wandb.keras import *", "WandbCallback"),
    ("from wandb.keras import WandbCallback, WandbMetricsLogger", "WandbCallback"),
    ("try:\n    from wandb.keras import WandbCallback\nexcept ImportError:\n    WandbCallback = None", "WandbCallback"),
    ("from wandb.integration.keras import WandbCallback", "WandbCallback"),
    ("", "wandb.keras.WandbCallback"),
]
_ALIASES = [*[""] * 27, "Kind = {kind}", "kinds = {{'wandb': {kind}}}", "class Ours({kind}):\n    pass\n"]
_ALIASED = {"": "{kind}", "Kind": "Kind", "kinds": "kinds['wandb']", "class": "Ours"}
_ARGUMENTS = [
    "save_model=False", "", "monitor='loss'", "log_weights=True, save_model=False", "save_graph=False",
    "log_batch_frequency=1, save_model=False", "monitor='val_mae', mode='max', save_graph=False",
    "log_best_prefix='top_', save_model=False", "save_weights_only=True", "labels=['a'], save_model=False",
]  # fmt: skip
#: How the callback comes to the fit: before it, and the value of ``callbacks``. MAKE makes one.
_PLACES = [
    ("", "[MAKE]"),
    ("callback = MAKE", "[callback]"),
    ("callbacks = [MAKE]", "callbacks"),
    ("callbacks = []\ncallbacks.append(MAKE)", "callbacks"),
    ("callbacks = [tf.keras.callbacks.History()]\ncallbacks += [MAKE]", "callbacks"),
    ("def make():\n    return [MAKE]\n\n", "make()"),
    ("", "[MAKE] if len(x) else []"),
    ("", "MAKE"),
    ("if len(x):\n    callback = MAKE\nelse:\n    callback = MAKE", "[callback]"),
    ("", "[tf.keras.callbacks.History()] + [MAKE]"),
]
_FITS = [
    "model.fit(x, y, {given})",
    "for round_ in range(3):\n    model.fit(x, y, {given})",
    "for round_ in range(2):\n    model.set_weights([weight * 0 + 3 * round_ for weight in model.get_weights()])\n    model.fit(x, y, {given})",
    "model.fit(x, y, {given})\nmodel.set_weights([weight * 0 + 9 for weight in model.get_weights()])\nmodel.fit(x, y, {given})",
    "def train(model):\n    return model.fit(x, y, {given})\n\n\ntrain(model)\ntrain(build())",
]
_VALIDATION = ["validation_data=(x_val, y_val), ", "validation_data=(x_val, y_val), ", "validation_split=0.25, ", ""]
_READERS = [
    *[""] * 12, "print('done', wandb.run.step)", "print('loss' in dict(wandb.run.summary))",
    # newer keys stand beside the old ones with --keys both, as its documentation says
    "print(sorted(key for key in wandb.run.summary.keys() if key != 'graph' and key[0] != '_' and '/' not in key))",
    "wandb.run.summary['mine'] = 1", "wandb.log({'mine': 2})",
    "name = 'loss'\nprint(round(wandb.run.summary[name], 3))", "assert wandb.run.summary['epoch'] >= 0",
]  # fmt: skip
_STARTS = [
    "wandb.init(project='drawn')",
    "run = wandb.init(project='drawn', name='drawn run')",
    "with wandb.init(project='drawn') as run:",
]


@st.composite
def programs(draw: Callable[[Any], Any]) -> str:
    """One program."""
    statement, kind = draw(st.sampled_from(_IMPORTS))
    alias = draw(st.sampled_from(_ALIASES))
    made = _ALIASED[alias.split(" ")[0]].format(kind=kind)
    make = f"{made}({draw(st.sampled_from(_ARGUMENTS))})"
    body, before_fit = [], ""
    for number in range(draw(st.integers(1, 2))):
        if number and draw(st.booleans()):
            body.append("model = build()")
        if not number or draw(st.booleans()):
            before_fit, callbacks = draw(st.sampled_from(_PLACES))
            body.append(before_fit.replace("MAKE", make))
        given = (
            f"{draw(st.sampled_from(_VALIDATION))}epochs={draw(st.integers(1, 2))}, verbose=0, callbacks={callbacks}"
        )
        body.append(draw(st.sampled_from(_FITS)).format(given=given.replace("MAKE", make)))
    body.append(draw(st.sampled_from(_READERS)))
    start = draw(st.sampled_from(_STARTS))
    text = "\n".join(["model = build()", *filter(None, body)])
    if start.endswith(":"):
        text = "\n".join(f"    {line}" if line else "" for line in text.splitlines())
    imports = ["import numpy as np", "import tensorflow as tf", "import wandb", statement]
    data = _DATA.format(seed=draw(st.integers(0, 99)), rate=draw(st.sampled_from(["0.01", "0.3"])))
    parts = ["\n".join(filter(None, imports)) + "\n", data, alias.format(kind=kind), f"{start}\n{text}"]
    return "\n".join(filter(None, parts)) + "\n"


def drawn(number: int, seed_of: int = 18) -> list[str]:
    """So many, no two alike."""
    found: dict[str, None] = {}

    @seed(seed_of)
    @settings(
        max_examples=4 * number, phases=[Phase.generate], database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(programs())
    def collect(program: str) -> None:
        found[program] = None

    collect()
    later = list(found)[number:]  # the first are the simplest, and neighbours are alike
    return later[:: len(later) // number][:number]
