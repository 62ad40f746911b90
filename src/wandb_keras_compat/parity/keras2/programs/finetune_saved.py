# Goes on with a model that was saved as .h5 some years ago.
import os
import random

import numpy as np
import tensorflow as tf
import wandb
from keras.layers import Dense
from keras.models import Model, load_model
from keras.optimizers import SGD
from wandb.keras import WandbCallback

random.seed(26)
np.random.seed(26)
tf.random.set_seed(26)

HERE = os.path.dirname(os.path.abspath(__file__))

wandb.init(project="finetune")
wandb.config.lr = 0.05

old = load_model(os.path.join(HERE, "saved", "waves.h5"))
old.summary()
for layer in old.layers:
    layer.trainable = False
x = Dense(4, activation="softmax", name="four_kinds")(old.layers[-2].output)
model = Model(inputs=old.input, outputs=x)
model.compile(optimizer=SGD(lr=wandb.config.lr), loss="sparse_categorical_crossentropy", metrics=["accuracy"])

kind = np.random.randint(0, 4, 60)
waves = np.sin(np.linspace(0, 6, 20)[None, :] * (kind[:, None] + 1)) + 0.1 * np.random.randn(60, 20)
waves = waves[:, :, np.newaxis]
model.fit(waves[:44], kind[:44], epochs=3, batch_size=11, validation_data=(waves[44:], kind[44:]),
          callbacks=[WandbCallback(log_weights=True)])
