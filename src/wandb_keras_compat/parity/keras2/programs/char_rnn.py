# A character model that writes a little after each epoch.
from __future__ import print_function

import random
import sys

import numpy as np
import tensorflow as tf
import wandb
from keras.callbacks import LambdaCallback
from keras.layers import LSTM, Activation, Dense
from keras.models import Sequential
from keras.optimizers import RMSprop
from wandb.keras import WandbCallback

random.seed(4)
np.random.seed(4)
tf.random.set_seed(4)

run = wandb.init(project="char-rnn")
config = run.config
config.hidden_nodes = 8
config.batch_size = 32
config.maxlen = 10
config.step = 3
config.epochs = 2

text = ("the sun rose over the hill and the hill was green. " * 6).lower()
chars = sorted(list(set(text)))
char_indices = dict((c, i) for i, c in enumerate(chars))
indices_char = dict((i, c) for i, c in enumerate(chars))
print("corpus length:", len(text), "total chars:", len(chars))

sentences = []
next_chars = []
for i in range(0, len(text) - config.maxlen, config.step):
    sentences.append(text[i : i + config.maxlen])
    next_chars.append(text[i + config.maxlen])

x = np.zeros((len(sentences), config.maxlen, len(chars)), dtype=bool)
y = np.zeros((len(sentences), len(chars)), dtype=bool)
for i, sentence in enumerate(sentences):
    for t, char in enumerate(sentence):
        x[i, t, char_indices[char]] = 1
    y[i, char_indices[next_chars[i]]] = 1

model = Sequential()
model.add(LSTM(config.hidden_nodes, input_shape=(config.maxlen, len(chars))))
model.add(Dense(len(chars)))
model.add(Activation("softmax"))

optimizer = RMSprop(lr=0.01)
model.compile(loss="categorical_crossentropy", optimizer=optimizer)


def likeliest(preds):
    preds = np.asarray(preds).astype("float64")
    return int(np.argmax(preds))


def write_some(epoch, logs):
    sentence = text[: config.maxlen]
    generated = ""
    for i in range(5):
        x_pred = np.zeros((1, config.maxlen, len(chars)))
        for t, char in enumerate(sentence):
            x_pred[0, t, char_indices[char]] = 1.0
        next_char = indices_char[likeliest(model.predict(x_pred, verbose=0)[0])]
        generated += next_char
        sentence = sentence[1:] + next_char
    sys.stdout.write("epoch %d: %r\n" % (epoch, generated))


model.fit(x, y, batch_size=config.batch_size, epochs=config.epochs, callbacks=[LambdaCallback(on_epoch_end=write_some), WandbCallback()])
