import os
import random

import numpy as np
import tensorflow as tf
import wandb
from keras.layers import Dense
from keras.models import Sequential, load_model
from wandb.keras import WandbCallback

random.seed(16)
np.random.seed(16)
tf.random.set_seed(16)

wandb.init(project="resume", config={"first": 2, "more": 2})

a = np.random.rand(50, 4)
b = (a.sum(axis=1) > 2).astype(int)

model = Sequential([Dense(6, activation="tanh", input_dim=4), Dense(1, activation="sigmoid")])
model.compile(optimizer="sgd", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(a[:40], b[:40], epochs=wandb.config.first, validation_data=(a[40:], b[40:]), callbacks=[WandbCallback()], verbose=0)

# go on with the best one
best = os.path.join(wandb.run.dir, "model-best.h5")
print("resuming from", os.path.basename(best), os.path.exists(best))
model = load_model(best)
model.fit(a[:40], b[:40], epochs=wandb.config.first + wandb.config.more, initial_epoch=wandb.config.first,
          validation_data=(a[40:], b[40:]), callbacks=[WandbCallback()], verbose=0)
wandb.run.summary["weights_sum"] = round(float(sum(np.abs(w).sum() for w in model.get_weights())), 3)
