"""The tables tutorial: a MobileNetV2 head over `tf.data`, its predictions in W&B Tables."""

import numpy as np
import tensorflow as tf
import wandb
from sklearn.datasets import load_digits
from tensorflow.keras import layers, models
from wandb.keras import WandbEvalCallback, WandbMetricsLogger

configs = dict(
    num_classes=10,
    shuffle_buffer=1024,
    batch_size=64,
    image_size=8,
    image_channels=1,
    learning_rate=1e-3,
    epochs=2,
)
AUTOTUNE = tf.data.AUTOTUNE


def get_dataloader(images, labels, configs, dataloader_type="train"):
    def parse_data(image, label):
        return tf.cast(image, tf.float32), tf.one_hot(label, depth=configs["num_classes"])

    dataloader = tf.data.Dataset.from_tensor_slices((images, labels))
    if dataloader_type == "train":
        dataloader = dataloader.shuffle(configs["shuffle_buffer"])
    return (
        dataloader.map(parse_data, num_parallel_calls=AUTOTUNE)
        .batch(configs["batch_size"])
        .prefetch(AUTOTUNE)
    )


def get_model(configs):
    backbone = tf.keras.applications.mobilenet_v2.MobileNetV2(
        input_shape=(32, 32, 3), alpha=0.35, weights=None, include_top=False
    )
    backbone.trainable = False

    shape = (configs["image_size"], configs["image_size"], configs["image_channels"])
    inputs = layers.Input(shape=shape)
    resized = layers.Resizing(32, 32)(inputs)
    neck = layers.Conv2D(3, (3, 3), padding="same")(resized)
    x = tf.keras.applications.mobilenet_v2.preprocess_input(neck)
    x = backbone(x)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(configs["num_classes"], activation="softmax")(x)
    return models.Model(inputs=inputs, outputs=outputs)


class WandbClfEvalCallback(WandbEvalCallback):
    def __init__(self, validloader, data_table_columns, pred_table_columns, num_samples=100):
        super().__init__(data_table_columns, pred_table_columns)
        self.samples = validloader.unbatch().take(num_samples)

    def add_ground_truth(self, logs=None):
        for idx, (image, label) in enumerate(self.samples):
            self.data_table.add_data(idx, wandb.Image(image), np.argmax(label, axis=-1))

    def add_model_predictions(self, epoch, logs=None):
        guesses = self._inference()
        for idx in self.data_table_ref.get_index():
            row = self.data_table_ref.data[idx]
            self.pred_table.add_data(epoch, row[0], row[1], row[2], guesses[idx])

    def _inference(self):
        guesses = []
        for image, _ in self.samples:
            scores = self.model(tf.expand_dims(image, axis=0))
            guesses.append(tf.argmax(scores, axis=-1).numpy()[0])
        return guesses


digits = load_digits()
images = np.uint8(digits.images[..., None] * 15)
trainloader = get_dataloader(images[:1400], digits.target[:1400], configs)
validloader = get_dataloader(images[1400:], digits.target[1400:], configs, dataloader_type="valid")

tf.keras.backend.clear_session()
model = get_model(configs)
model.summary()
model.compile(
    optimizer=tf.keras.optimizers.Adam(configs["learning_rate"]),
    loss="categorical_crossentropy",
    metrics=[
        "accuracy",
        tf.keras.metrics.TopKCategoricalAccuracy(k=5, name="top@5_accuracy"),
    ],
)

run = wandb.init(project="intro-keras", config=configs)

model.fit(
    trainloader,
    epochs=configs["epochs"],
    validation_data=validloader,
    callbacks=[
        WandbMetricsLogger(log_freq=10),
        WandbClfEvalCallback(
            validloader,
            data_table_columns=["idx", "image", "ground_truth"],
            pred_table_columns=["epoch", "idx", "image", "ground_truth", "prediction"],
            num_samples=20,
        ),
    ],
)

run.finish()
