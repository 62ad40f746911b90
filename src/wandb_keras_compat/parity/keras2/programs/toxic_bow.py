# Bag of words, several labels to a comment.
import random

import numpy as np
import tensorflow as tf
import wandb
from keras import models, layers, regularizers
from keras.preprocessing.text import Tokenizer
from wandb.keras import WandbCallback

random.seed(8)
np.random.seed(8)
tf.random.set_seed(8)

LABELS = ["rude", "threat", "spam"]
MARKS = [["idiot", "fool"], ["beware", "watch"], ["buy", "cheap"]]
FILLER = "i you we think this page edit please see talk article source".split()

comments, targets = [], []
for _ in range(80):
    flags = [int(random.random() < 0.4) for _ in LABELS]
    words = [random.choice(FILLER) for _ in range(7)]
    for flag, marks in zip(flags, MARKS):
        if flag:
            words.insert(random.randrange(len(words)), random.choice(marks))
    comments.append(" ".join(words))
    targets.append(flags)
targets = np.asarray(targets).astype("float32")

config_defaults = {"num_words": 30, "hidden": 8, "l2": 1e-3, "epochs": 3}
wandb.init(project="comments", config=config_defaults)
config = wandb.config

tokenizer = Tokenizer(num_words=config.num_words, lower=True, split=" ")
tokenizer.fit_on_texts(comments)
data = tokenizer.texts_to_matrix(comments, mode="binary")
x_train, x_val = data[:60], data[60:]
y_train, y_val = targets[:60], targets[60:]

model = models.Sequential()
model.add(layers.Dense(config.hidden, kernel_regularizer=regularizers.l2(config.l2), activation="relu", input_shape=(config.num_words,)))
model.add(layers.Dense(len(LABELS), activation="sigmoid"))
model.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["acc"])

history = model.fit(x_train, y_train, epochs=config.epochs, batch_size=20, validation_data=(x_val, y_val), callbacks=[WandbCallback()], verbose=0)

acc = history.history["acc"]
val_acc = history.history["val_acc"]
for epoch, (a, v) in enumerate(zip(acc, val_acc)):
    print("epoch %d: acc %.3f val_acc %.3f" % (epoch + 1, a, v))
