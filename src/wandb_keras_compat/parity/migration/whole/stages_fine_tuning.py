"""Transfer in two stages: the head, then all of it from the epoch before; fit twice in one run, images of tf.data, a callback for each stage."""
import logging
from functools import partial

import numpy as np
import tensorflow as tf
from tensorflow import keras

import wandb
from wandb.keras import WandbCallback

logging.basicConfig(level=logging.INFO, format="%(message)s")
logger = logging.getLogger("stages")

AUTOTUNE = tf.data.AUTOTUNE
IMG_SIZE = 12
LABELS = ["no bloom", "low", "high"]

CONFIG = dict(
    project_name="lakes",
    batch_size=8,
    seed=42,
    base_epochs=2,
    fine_tune_epochs=2,
    base_lr=1e-2,
    fine_tune_lr=1e-3,
    fine_tune_from="block_1",
)


def draw_lakes(number, seed):
    rng = np.random.default_rng(seed)
    kinds = rng.integers(0, len(LABELS), size=number)
    images = rng.integers(0, 90, size=(number, IMG_SIZE, IMG_SIZE, 3))
    images[..., 1] += (kinds * 60)[:, None, None]
    return images.astype("uint8"), kinds


def input_preprocess(image, label, num_classes):
    return tf.cast(image, tf.float32) / 255.0, tf.one_hot(label, num_classes)


def get_dataset(number, seed, batch_size):
    ds = tf.data.Dataset.from_tensor_slices(draw_lakes(number, seed))
    ds = ds.map(partial(input_preprocess, num_classes=len(LABELS)), num_parallel_calls=AUTOTUNE)
    return ds.cache().batch(batch_size).prefetch(AUTOTUNE)


def pretrained_base():
    """Stands for one with the weights of some large data set."""
    inputs = keras.Input(shape=(IMG_SIZE, IMG_SIZE, 3))
    x = keras.layers.Conv2D(4, 3, strides=2, activation="relu", name="block_0")(inputs)
    x = keras.layers.Conv2D(6, 3, activation="relu", name="block_1")(x)
    return keras.Model(inputs, x, name="backbone")


def build_model(num_classes):
    base_model = pretrained_base()
    base_model.trainable = False
    inputs = keras.Input(shape=(IMG_SIZE, IMG_SIZE, 3))
    x = base_model(inputs, training=False)
    x = keras.layers.GlobalAveragePooling2D(name="avg_pool")(x)
    x = keras.layers.Dropout(0.1, name="top_dropout")(x)
    outputs = keras.layers.Dense(num_classes, activation="softmax", name="pred")(x)
    return keras.Model(inputs, outputs, name="lakes"), base_model


def unfreeze(base_model, first):
    base_model.trainable = True
    reached = False
    for layer in base_model.layers:
        reached = reached or layer.name == first
        layer.trainable = reached
    logger.info("trainable: %s", [layer.name for layer in base_model.layers if layer.trainable])


def compile_model(model, learning_rate):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
        metrics=["accuracy"],
    )


def main():
    keras.utils.set_random_seed(CONFIG["seed"])
    run = wandb.init(project=CONFIG["project_name"], config=CONFIG, job_type="train")
    config = wandb.config

    train_data = get_dataset(48, 1, config.batch_size)
    val_data = get_dataset(24, 2, config.batch_size)

    model, base_model = build_model(len(LABELS))

    # Stage 1: only the head
    compile_model(model, config.base_lr)
    early_stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    hist = model.fit(
        train_data,
        epochs=config.base_epochs,
        validation_data=val_data,
        verbose=0,
        callbacks=[early_stop, WandbCallback(input_type="image", labels=LABELS, validation_data=val_data, predictions=4)],
    )

    # Stage 2: from the chosen block on, with a smaller step
    unfreeze(base_model, config.fine_tune_from)
    compile_model(model, config.fine_tune_lr)
    total_epochs = config.base_epochs + config.fine_tune_epochs
    hist_fine = model.fit(
        train_data,
        epochs=total_epochs,
        initial_epoch=hist.epoch[-1] + 1,
        validation_data=val_data,
        verbose=0,
        callbacks=[
            keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.2, patience=1, min_lr=1e-6),
            WandbCallback(save_model=False, log_batch_frequency=3),
        ],
    )
    logger.info("epochs %s, then %s", hist.epoch, hist_fine.epoch)

    loss, accuracy = model.evaluate(val_data, verbose=0)
    predicted = np.argmax(model.predict(val_data, verbose=0), axis=1)
    actual = np.concatenate([np.argmax(y, axis=1) for _, y in val_data])
    per_class = {name: float((predicted[actual == at] == at).mean()) for at, name in enumerate(LABELS)}
    run.log({"final/loss": loss, "final/accuracy": accuracy, "final/recall": per_class})
    run.finish()


if __name__ == "__main__":
    main()
