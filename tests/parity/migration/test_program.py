"""A program in the spelling of Keras 3."""

from __future__ import annotations

import ast

import pytest

from wandb_keras_compat.parity.migration.program import Program
from wandb_keras_compat.parity.migration.programs_of import programs


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import tensorflow as tf\nmodel = tf.keras.Sequential()", "import keras\nmodel = keras.Sequential()"),
        ("from tensorflow import keras\nkeras.Input((1,))", "import keras\nkeras.Input((1,))"),
        ("from tensorflow.keras.layers import Dense", "from keras.layers import Dense"),
        ("import tensorflow as tf\n\nkeras = tf.keras\nkeras.Input", "import keras\n\npass\nkeras.Input"),
        ("import tensorflow as tf\ntf.data.Dataset", None),
        ("import tensorflow", None),
        ("import tensorflow as tf\ntf.keras.preprocessing.image.ImageDataGenerator()", None),
        ("import keras", "import keras"),
    ],
)
def test_keras_in_the_place_of_tf_keras(old: str, new: str | None) -> None:
    found = Program("catalogue", "one", old).with_keras()
    assert (found and found.text) == new


def test_what_is_spelled_so_is_still_a_program_and_most_are() -> None:
    scripts = [program for program in programs("catalogue", "whole", "documented") if not program.is_notebook]
    spelled = [found for program in scripts if (found := program.with_keras()) is not None]
    for program in spelled:
        ast.parse(program.text)
    assert len(spelled) > len(scripts) / 2
