"""The tables tutorial: a MobileNetV2 head over a `PyDataset`, its predictions in W&B Tables."""

import keras
import numpy as np
import wandb
from keras import layers, models
from sklearn.datasets import load_digits
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


class Loader(keras.utils.PyDataset):
    def __init__(self, images, labels, configs, dataloader_type="train"):
        super().__init__()
        self.images = images.astype("float32")
        self.labels = keras.ops.convert_to_numpy(
            keras.ops.one_hot(labels, num_classes=configs["num_classes"])
        )
        self.batch_size = configs["batch_size"]
        self.order = np.arange(len(images))
        self.shuffle = dataloader_type == "train"
        self.on_epoch_end()

    def __len__(self):
        return int(np.ceil(len(self.images) / self.batch_size))

    def __getitem__(self, index):
        batch = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        return self.images[batch], self.labels[batch]

    def on_epoch_end(self):
        if self.shuffle:
            np.random.shuffle(self.order)

    def samples(self, number):
        return list(zip(self.images[:number], self.labels[:number]))


def get_model(configs):
    backbone = keras.applications.mobilenet_v2.MobileNetV2(
        input_shape=(32, 32, 3), alpha=0.35, weights=None, include_top=False
    )
    backbone.trainable = False

    shape = (configs["image_size"], configs["image_size"], configs["image_channels"])
    inputs = layers.Input(shape=shape)
    resized = layers.Resizing(32, 32)(inputs)
    neck = layers.Conv2D(3, (3, 3), padding="same")(resized)
    x = keras.applications.mobilenet_v2.preprocess_input(neck)
    x = backbone(x)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(configs["num_classes"], activation="softmax")(x)
    return models.Model(inputs=inputs, outputs=outputs)


class WandbClfEvalCallback(WandbEvalCallback):
    def __init__(self, validloader, data_table_columns, pred_table_columns, num_samples=100):
        super().__init__(data_table_columns, pred_table_columns)
        self.samples = validloader.samples(num_samples)

    def add_ground_truth(self, logs=None):
        for idx, (image, label) in enumerate(self.samples):
            self.data_table.add_data(idx, wandb.Image(image), np.argmax(label, axis=-1))

    def add_model_predictions(self, epoch, logs=None):
        guesses = self._inference()
        for idx in self.data_table_ref.get_index():
            row = self.data_table_ref.data[idx]
            self.pred_table.add_data(epoch, row[0], row[1], row[2], guesses[idx])

    def _inference(self):
        images = np.stack([image for image, _ in self.samples])
        return np.argmax(self.model.predict(images, verbose=0), axis=-1)


digits = load_digits()
images = np.uint8(digits.images[..., None] * 15)
trainloader = Loader(images[:1400], digits.target[:1400], configs)
validloader = Loader(images[1400:], digits.target[1400:], configs, dataloader_type="valid")

keras.backend.clear_session()
model = get_model(configs)
model.summary()
model.compile(
    optimizer=keras.optimizers.Adam(configs["learning_rate"]),
    loss="categorical_crossentropy",
    metrics=[
        "accuracy",
        keras.metrics.TopKCategoricalAccuracy(k=5, name="top@5_accuracy"),
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
