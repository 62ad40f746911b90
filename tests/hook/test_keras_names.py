"""``install(keras="tf_keras")`` with the real packages: every name of Keras 2, and what the served ones do."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

Run = Callable[..., str]
ROOT = Path(__file__).parents[2]


def _minor(distribution: str) -> str:
    try:
        return ".".join(metadata.version(distribution).split(".")[:2])
    except metadata.PackageNotFoundError:
        return ""


TF_KERAS = _minor("tf-keras")
pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("tf_keras") is None or TF_KERAS not in {_minor("tensorflow"), _minor("tensorflow-cpu")},
    reason="needs tf-keras of TensorFlow's minor version",
)


@pytest.fixture(autouse=True)
def _without_the_option(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TF_USE_LEGACY_KERAS", "WANDB_KERAS_COMPAT_KERAS", "KERAS_BACKEND"):
        monkeypatch.delenv(name, raising=False)


def test_every_public_name_of_four_releases(python: Run, tmp_path: Path) -> None:
    printed = python(
        """
import sys
from pathlib import Path
from wandb_keras_compat import install
install(keras="tf_keras")
from tests.hook.keras2_names import page, reasons, resolve
missing = {release: resolve.missing(release) for release in resolve.RELEASES}
for release, names in missing.items():
    print(release, len(names), reasons.unexplained(names))
print("stale", reasons.stale([name for names in missing.values() for name in names]))
Path("page.md").write_text(page.render(missing), encoding="utf-8")
""",
        ROOT,
    )
    releases = [line.split(" ", 2) for line in printed.splitlines() if line[:2] == "2."]
    assert [(release, rest) for release, _, rest in releases] == [
        (r, "[]") for r in ("2.2.4", "2.3.1", "2.6.0", "2.12.0")
    ]
    assert all(int(count) < 140 for _, count, _ in releases), printed
    assert "stale []" in printed
    if TF_KERAS == "2.19":  # one version renders the page: others have a name more or less
        assert (tmp_path / "page.md").read_text("utf-8") == (ROOT / "docs" / "keras2-names.md").read_text("utf-8")


BEHAVIOUR = """
import warnings
import numpy as np
import wandb_keras_compat as ours
warnings.simplefilter("ignore")
ours.install(keras="tf_keras")
import keras
import tensorflow as tf
from keras import backend as K
from keras.layers import GRU, LSTM, CuDNNGRU, CuDNNLSTM, Dense
from keras.models import Sequential, load_model
from tensorflow.keras.optimizers import Adam

x = np.random.rand(12, 3).astype("float32")
y = keras.utils.np_utils.to_categorical(np.arange(12) % 3, 3)

def model(optimizer, metrics=("accuracy",), units=3):
    made = Sequential([Dense(units, input_shape=(3,), activation="softmax" if units > 1 else "sigmoid")])
    made.compile(optimizer, "categorical_crossentropy" if units > 1 else "binary_crossentropy", metrics=list(metrics))
    return made

# Optimizers are those of 2.10, by class, by the road of tf.keras, and by name; a new one stays what it is.
assert tf.keras.optimizers.Adam is Adam is keras.optimizers.Adam is keras.optimizers.legacy.Adam
sgd = keras.optimizers.SGD(lr=0.5, decay=0.25, momentum=0.9, nesterov=True, clipnorm=1.0)
trained = model(sgd)
trained.fit(x, y, batch_size=6, epochs=2, verbose=0)
assert np.isclose(K.get_value(sgd.lr), 0.5) and np.isclose(K.get_value(sgd._decayed_lr("float32")), 0.5 / (1 + 0.25 * 4))
assert type(model("rmsprop").optimizer) is keras.optimizers.RMSprop and type(model("adamw").optimizer) is keras.optimizers.AdamW

# Methods that Sequential has no more.
assert (trained.predict_classes(x) == trained.predict(x, verbose=0).argmax(-1)).all()
single = model("adam", units=1)
assert (single.predict_classes(x) == (single.predict_proba(x) > 0.5)).all() and single.predict_classes(x).shape == (12, 1)

def batches():
    while True:
        yield x, y
history = trained.fit_generator(batches(), steps_per_epoch=2, epochs=2, validation_data=batches(), validation_steps=1, verbose=0)
assert set(history.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
assert len(trained.evaluate_generator(batches(), 1)) == 2 and trained.predict_generator(batches(), 1).shape == (12, 3)

# Without workers a generator is read without a queue, which would read ten ahead. tf.data itself reads up to two ahead:
# on TensorFlow 2.12 forty such trainings read 4, 5 or 6 times.
read = []
def counted():
    for batch in batches():
        read.append(batch)
        yield batch
trained.fit_generator(counted(), steps_per_epoch=2, epochs=2, workers=0, verbose=0)
assert len(read) in (4, 5, 6), len(read)
assert len(trained.evaluate_generator(batches(), 1, workers=0)) == 2

# Layers that only cuDNN could compute, and what was saved of them.
from tf_keras.src.layers import CuDNNGRU as SavedGRU, CuDNNLSTM as SavedLSTM
sequences = np.random.rand(4, 5, 3).astype("float32")
for saved, served, plain in ((SavedLSTM, CuDNNLSTM, LSTM), (SavedGRU, CuDNNGRU, GRU)):
    old = Sequential([saved(4, input_shape=(5, 3))])
    old.set_weights([np.random.rand(*weight.shape) for weight in old.get_weights()])
    old.save_weights("weights.h5"), old.save("model.h5")
    new = Sequential([served(4, "uniform", return_sequences=False, input_shape=(5, 3))])
    new.load_weights("weights.h5")
    loaded = load_model("model.h5", compile=False)
    assert type(new.layers[0]) is type(loaded.layers[0]) is plain and new.layers[0].kernel_initializer.minval == -0.05
    assert np.array_equal(new.predict(sequences, verbose=0), loaded.predict(sequences, verbose=0))
assert CuDNNLSTM(4).recurrent_activation is keras.activations.sigmoid and CuDNNGRU(4).reset_after

# A model with its optimizer, as Keras 2 saved it.
trained.save("trained.h5")
again = load_model("trained.h5")
assert type(again.optimizer) is keras.optimizers.SGD and again.optimizer.get_config() == sgd.get_config()
assert np.array_equal(again.predict(x, verbose=0), trained.predict(x, verbose=0))

# The backend.
assert K.image_dim_ordering() == "tf" and K.is_tensor(K.zeros((2,))) and not K.is_tensor(x) and K.is_variable(K.variable(x))
assert K.get_value(K.size(K.constant(x))) == 36 and K.slice(K.constant(x), (0, 0), (2, 1)).shape == (2, 1)
assert K.get_variable_shape(K.variable(x)) == (12, 3)

# Keys: as given, and as Keras up to 2.2 named them.
names = ["acc", "accuracy", "mse", "cosine_proximity", "top_k_categorical_accuracy"]
assert set(model("sgd", names).fit(x, y, verbose=0).history) == {"loss", *names}
ours.uninstall()
ours.install(keras="tf_keras:2.2")
import keras
found = model("sgd", ["accuracy", "mse", "ce", "cosine_proximity", "top_k_categorical_accuracy", tf.keras.metrics.AUC(name="area")])
assert set(found.fit(x, y, validation_split=0.5, verbose=0).history) == {
    f"{prefix}{name}" for prefix in ("", "val_") for name in
    ("loss", "acc", "mean_squared_error", "ce", "cosine_proximity", "top_k_categorical_accuracy", "area")}
"""


def test_what_is_served_means_the_same(python: Run) -> None:
    python(BEHAVIOUR)
