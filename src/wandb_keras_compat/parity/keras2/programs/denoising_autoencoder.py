import random

import numpy as np
import tensorflow as tf
import wandb
from keras.layers import Input
from keras.layers.convolutional import Conv2D, MaxPooling2D, UpSampling2D
from keras.models import Model
from wandb.keras import WandbCallback

random.seed(12)
np.random.seed(12)
tf.random.set_seed(12)

run = wandb.init(project="denoise")
config = run.config
config.epochs = 2
config.noise_factor = 0.3

stripes = (np.arange(8) % 2)[:, None] * np.ones((8, 8))
clean = np.stack([stripes if i % 2 else stripes.T for i in range(40)])[..., np.newaxis].astype("float32")
noisy = clean + config.noise_factor * np.random.normal(size=clean.shape)
noisy = np.clip(noisy, 0.0, 1.0).astype("float32")
x_train, x_test = clean[:28], clean[28:]
x_train_noisy, x_test_noisy = noisy[:28], noisy[28:]

input_img = Input(shape=(8, 8, 1))
x = Conv2D(4, (3, 3), activation="relu", padding="same")(input_img)
encoded = MaxPooling2D((2, 2), padding="same")(x)
x = Conv2D(4, (3, 3), activation="relu", padding="same")(encoded)
x = UpSampling2D((2, 2))(x)
decoded = Conv2D(1, (3, 3), activation="sigmoid", padding="same")(x)

autoencoder = Model(input_img, decoded)
autoencoder.compile(optimizer="adadelta", loss="binary_crossentropy")

autoencoder.fit(
    x_train_noisy, x_train,
    epochs=config.epochs,
    batch_size=7,
    shuffle=True,
    validation_data=(x_test_noisy, x_test),
    callbacks=[WandbCallback(input_type="image", output_type="image", predictions=12)],
)
