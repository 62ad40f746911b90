"""WandbCallback with every argument of its reference page in use at once."""

import keras
import numpy as np
import wandb
from sklearn.datasets import load_digits
from wandb.keras import WandbCallback

run = wandb.init(project="digits", name="every-argument", config={"epochs": 3, "batch_size": 32})
config = wandb.config

digits = load_digits()
x = (digits.images[..., None] / 16.0).astype("float32")
y = keras.utils.to_categorical(digits.target, 10)
x_train, y_train = x[:1280], y[:1280]
x_val, y_val = x[1280:1312], y[1280:1312]
class_names = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]

# The validation images are logged once; each row of predictions points to its image.
val_table = wandb.Table(columns=["image", "digit"])
for image, label in zip(x_val, y_val):
    val_table.add_data(wandb.Image(image), class_names[np.argmax(label)])
val_artifact = wandb.Artifact("digits-validation", type="dataset")
val_artifact.add(val_table, "validation")
run.log_artifact(val_artifact)


def val_batches(batch_size=16):
    while True:
        for start in range(0, len(x_val), batch_size):
            yield x_val[start : start + batch_size], y_val[start : start + batch_size]


def validation_row(ndx, row):
    return {"digit": class_names[np.argmax(row["target"])]}


def prediction_row(ndx, row):
    scores = row["output"]
    return {
        "image": row["val_row"].get_row()["image"],
        "guess": class_names[np.argmax(scores)],
        "confidence": float(np.max(scores)),
    }


model = keras.Sequential(
    [
        keras.layers.Conv2D(8, 3, padding="same", activation="relu", input_shape=(8, 8, 1)),
        keras.layers.BatchNormalization(),
        keras.layers.MaxPooling2D(),
        keras.layers.Flatten(),
        keras.layers.Dropout(0.25),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile(
    optimizer=keras.optimizers.Adam(0.005),
    loss="categorical_crossentropy",
    metrics=["accuracy"],
)

model.fit(
    x_train,
    y_train,
    batch_size=config.batch_size,
    epochs=config.epochs,
    validation_data=(x_val, y_val),
    callbacks=[
        WandbCallback(
            monitor="val_accuracy",
            verbose=1,
            mode="max",
            save_weights_only=True,
            log_weights=True,
            log_gradients=True,
            save_model=True,
            training_data=(x_train[:256], y_train[:256]),
            validation_data=(x_val, y_val),
            labels=class_names,
            predictions=12,
            generator=val_batches(),
            input_type="image",
            output_type="label",
            log_evaluation=True,
            validation_steps=2,
            class_colors=np.linspace(0.0, 1.0, 30).reshape(10, 3),
            log_batch_frequency=10,
            log_best_prefix="top_",
            save_graph=True,
            validation_indexes=val_table.get_index(),
            validation_row_processor=validation_row,
            prediction_row_processor=prediction_row,
            infer_missing_processors=True,
            log_evaluation_frequency=1,
            compute_flops=True,
        )
    ],
)
