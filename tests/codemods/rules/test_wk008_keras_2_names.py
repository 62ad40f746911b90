"""WK008: lines that ask for what Keras 3 has no more are reported, and stay."""

from __future__ import annotations

import pytest
from wandb_keras_codemods import keras_removed

from wandb_keras_compat.hook import keras_names

from ..tools import actions, check_noop, migrate, reasons

CALLBACK = "from wandb_keras_compat import WandbCallback\n"

REMOVED = {
    "from keras.utils import np_utils\n": ["keras.utils.np_utils"],
    "import keras.utils.np_utils as u\n": ["keras.utils.np_utils"],
    "import keras\ny = keras.utils.np_utils.to_categorical(1)\n": ["keras.utils.np_utils"],
    "from keras.layers.core import Dense, Dropout\n": ["keras.layers.core"],
    "from keras.layers.core import *\n": ["keras.layers.core"],
    "from keras.preprocessing.image import (\n    ImageDataGenerator,\n    load_img,\n)\n": [
        "keras.preprocessing.image.ImageDataGenerator"
    ],
    "from keras import backend as K\na = K.mean(1)\nb = K.mean(2)\nc = K.epsilon()\n": ["keras.backend.mean"],
    "import tensorflow as tf\nx = tf.keras.layers.CuDNNLSTM(3)\n": ["tensorflow.keras.layers.CuDNNLSTM"],
    "from keras import optimizers as o\na = o.Adam(lr=1, decay=2, clipnorm=1)\n": [
        "the argument decay of keras.optimizers.Adam",
        "the argument lr of keras.optimizers.Adam",
    ],
    "import keras\na = keras.layers.Dense(1)\nb = keras.utils.np_utils\n": ["keras.utils.np_utils"],
    "from keras import layers, callbacks as c\na = layers.Embedding(1, 2, weights=w)\nb = c.ModelCheckpoint(p, period=2)\n"
    "d = c.ReduceLROnPlateau(epsilon=1)\n": [
        "the argument weights of keras.layers.Embedding",
        "the argument period of keras.callbacks.ModelCheckpoint",
        "the argument epsilon of keras.callbacks.ReduceLROnPlateau",
    ],
    **{
        f"import keras\nmodel.fit(x, {argument}=2)\n": [f"the argument {argument} of fit"]
        for argument in ("workers", "use_multiprocessing", "max_queue_size")
    },
    **{
        f"import keras\nmodel.{method}(x)\n": [f"the method {method}"]
        for method in ("fit_generator", "evaluate_generator", "predict_generator", "predict_classes")
    },
    "from keras.models import Model\nModel().fit(x, workers=3)\nmodel.fit(x, workers=2)\n": [
        "the argument workers of fit"
    ],
}


@pytest.mark.parametrize("text", REMOVED, ids=lambda text: text.splitlines()[-1])
def test_what_keras_3_removed_is_noted_once(text: str) -> None:
    outcome = check_noop(CALLBACK + text)
    notes = reasons(outcome, "note").splitlines()
    assert [note.partition(": ")[0] for note in notes] == [f"Keras 3 removed {what}" for what in REMOVED[text]]
    assert all("run --keras tf_keras" in note for note in notes)
    assert {rule for rule, _, _ in actions(outcome)} == {"WK008"}


LEFT = {
    "of Keras 3 too": "from keras.utils import to_categorical\nfrom keras.layers import Dense\nimport keras\nkeras.ops.mean(1)\n",
    "tf.keras has kept it": "from tensorflow.keras.preprocessing.image import ImageDataGenerator\n",
    "another keras": "from tf_keras.utils import np_utils\nfrom mine.keras.utils import np_utils as other\nimport kerastuner\n",
    "not of Keras": "from sklearn.svm import SVC\nSVC().predict_proba(1)\nrun(lr=1, decay=2)\n",
    "rebound": "keras = make()\nkeras.utils.np_utils\n",
}


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_what_is_nobodys_loss_is_not_noted(text: str) -> None:
    assert check_noop(CALLBACK + text).records == ()


def test_what_tf_keras_cannot_run_either() -> None:
    outcome = check_noop(
        CALLBACK + "from keras.utils import multi_gpu_model\nfrom keras.wrappers.scikit_learn import KerasClassifier\n"
    )
    notes = reasons(outcome, "note").splitlines()
    assert len(notes) == 2 and all("tf_keras has nothing that means the same" in note for note in notes)
    assert (
        frozenset(keras_names.GONE) == keras_removed.NOT_IN_TF_KERAS
    )  # two packages, of which neither needs the other


def test_ignore_comments_hold() -> None:
    outcome = check_noop(CALLBACK + "from keras.utils import np_utils  # wandb-keras-compat: ignore\n")
    assert actions(outcome) == [("WK008", "ignored", 2)]


def test_a_migrated_file_is_noted_as_well() -> None:
    outcome = migrate("from wandb.keras import WandbCallback\nimport keras.layers.core\n")
    assert outcome.after is not None
    assert actions(outcome) == [("WK001", "changed", 1), ("WK008", "note", 2)]
