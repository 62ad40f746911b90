"""Segmentation: a small U-Net, losses and metrics of one's own, the callback with its whole signature pasted from the documentation."""
import argparse
import os
import warnings

import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras import layers
from tensorflow.keras.callbacks import EarlyStopping, ModelCheckpoint

import wandb
from wandb.keras import WandbCallback

warnings.filterwarnings("ignore", category=UserWarning, module="skimage")


class BatchLoad(tf.keras.utils.Sequence):
    """Images of cells and their masks, a batch at a time."""

    def __init__(self, images, masks, batch_size=4, augment=False):
        super().__init__()
        self.images, self.masks = images, masks
        self.batch_size = batch_size
        self.augment = augment

    def __len__(self):
        return len(self.images) // self.batch_size

    def __getitem__(self, idx):
        part = slice(idx * self.batch_size, (idx + 1) * self.batch_size)
        x, y = self.images[part], self.masks[part]
        if self.augment and idx % 2:
            x, y = x[:, ::-1], y[:, ::-1]
        return x, y


def make_cells(number, size, seed):
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:size, :size]
    masks = np.zeros((number, size, size, 1), dtype="float32")
    for mask in masks:
        for _ in range(2):
            row, column = rng.integers(2, size - 2, size=2)
            radius = rng.uniform(1.5, 3.0)
            mask[(rows - row) ** 2 + (columns - column) ** 2 <= radius ** 2] = 1
    images = 0.2 + 0.6 * masks + rng.normal(scale=0.05, size=masks.shape)
    return np.clip(images, 0, 1).astype("float32"), masks


def dice_scoring(y_true, y_pred, smooth=1.0):
    y_true_f = K.flatten(y_true) if hasattr(K, "flatten") else tf.reshape(y_true, [-1])
    y_pred_f = K.flatten(y_pred) if hasattr(K, "flatten") else tf.reshape(y_pred, [-1])
    intersection = tf.reduce_sum(y_true_f * y_pred_f)
    return (2.0 * intersection + smooth) / (tf.reduce_sum(y_true_f) + tf.reduce_sum(y_pred_f) + smooth)


def bce_dice_loss(y_true, y_pred):
    bce = tf.reduce_mean(tf.keras.losses.binary_crossentropy(y_true, y_pred))
    return bce + 1.0 - dice_scoring(y_true, y_pred)


class UNET:
    def __init__(self, n_filter=4, input_dim=(16, 16, 1), learning_rate=0.01, num_classes=1):
        self.n_filter = n_filter
        self.input_dim = input_dim
        self.learning_rate = learning_rate
        self.num_classes = num_classes

    def conv_block(self, tensor, n_filter):
        x = layers.Conv2D(n_filter, 3, padding="same", kernel_initializer="he_normal")(tensor)
        x = layers.BatchNormalization()(x)
        return layers.Activation("relu")(x)

    def create_model(self):
        inputs = layers.Input(self.input_dim)
        c1 = self.conv_block(inputs, self.n_filter)
        p1 = layers.MaxPooling2D((2, 2))(c1)
        c2 = self.conv_block(p1, self.n_filter * 2)
        u1 = layers.Conv2DTranspose(self.n_filter, (2, 2), strides=(2, 2), padding="same")(c2)
        u1 = layers.concatenate([u1, c1])
        c3 = self.conv_block(u1, self.n_filter)
        outputs = layers.Conv2D(self.num_classes, (1, 1), activation="sigmoid")(c3)
        model = tf.keras.Model(inputs=inputs, outputs=outputs)
        model.compile(
            optimizer=tf.keras.optimizers.Adam(learning_rate=self.learning_rate), loss=bce_dice_loss, metrics=["accuracy", dice_scoring]
        )
        return model


def train_model(args):
    wandb.init(project="cells", group="unet", config=vars(args))
    tf.keras.utils.set_random_seed(42)

    if args.input_shape in (8, 16, 32):
        dims = (args.input_shape, args.input_shape, 1)
    else:
        print("No input shape given.. defaulting to 16x16..")
        dims = (16, 16, 1)

    if args.model == "unet":
        unet = UNET(n_filter=args.n_filter, input_dim=dims, learning_rate=args.learning_rate)
    else:
        raise SystemExit("Error: No model set.. exiting..")
    model = unet.create_model()

    file_name = args.model + str(dims[0]) + str(args.n_filter) + "Flt" + str(args.learning_rate) + "lr" + str(args.epochs) + "E"
    os.makedirs("h5_files", exist_ok=True)
    checkpointer = ModelCheckpoint("h5_files/" + file_name + ".weights.h5", verbose=0, save_best_only=False, save_weights_only=True)
    earlystopper = EarlyStopping(monitor="val_dice_scoring", mode="max", patience=15, verbose=0)

    training_generator = BatchLoad(*make_cells(16, dims[0], 0), batch_size=args.batch_size, augment=args.augment)
    x_val, y_val = make_cells(8, dims[0], 1)
    results = model.fit(training_generator, validation_data=(x_val, y_val),
                        epochs=args.epochs, verbose=0,
                        callbacks=[earlystopper, checkpointer, WandbCallback(
                            monitor="val_dice_scoring", verbose=0, mode="max", save_weights_only=(False),
                            log_weights=(False), log_gradients=(False), save_model=(True),
                            training_data=training_generator, validation_data=(x_val, y_val), labels=[], predictions=5,
                            generator=None, input_type="image", output_type="segmentation_mask", log_evaluation=(False),
                            validation_steps=None, class_colors=np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]), log_batch_frequency=None,
                            log_best_prefix="best_", save_graph=(True), validation_indexes=None,
                            validation_row_processor=None, prediction_row_processor=None,
                            infer_missing_processors=(True), log_evaluation_frequency=0
                        )]
                        )
    print("dice of each epoch:", ["%.2f" % value for value in results.history["val_dice_scoring"]])

    # one picture more, by hand
    predicted = model.predict(x_val[:1], verbose=0)[0, ..., 0]
    side_by_side = np.hstack([x_val[0, ..., 0], (predicted > 0.5).astype("float32"), y_val[0, ..., 0]])
    wandb.log({"overlay": wandb.Image((side_by_side * 255).astype("uint8"), caption="image, prediction, truth")})
    wandb.finish()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("-e", "--epochs", type=int, default=2, help="number of training epochs (passes through full training data)")
    parser.add_argument("-lr", "--learning_rate", type=float, default=0.01, help="learning rate")
    parser.add_argument("--n_filter", type=int, default=4, help="number of filters")
    parser.add_argument("--batch_size", type=int, default=4, help="Size of batch")
    parser.add_argument("--model", type=str, default="unet", help="Network to use")
    parser.add_argument("--input_shape", type=int, default=16, help="Model input shape")
    parser.add_argument("--augment", type=bool, default=True, help="Use image augmentation")
    train_model(parser.parse_args())
