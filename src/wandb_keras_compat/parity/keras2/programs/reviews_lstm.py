# LSTM for sentiment
import random

import numpy as np
import tensorflow as tf
import wandb
from keras.layers import LSTM, Activation, Dense, Dropout, Embedding
from keras.models import Sequential
from keras.preprocessing import sequence, text
from wandb.keras import WandbCallback

random.seed(2)
np.random.seed(2)
tf.random.set_seed(2)

wandb.init(project="reviews")
config = wandb.config

# set parameters:
config.vocab_size = 60
config.maxlen = 12
config.batch_size = 16
config.embedding_dims = 4
config.hidden_dims = 6
config.epochs = 2

GOOD = "great lovely brilliant moving funny warm perfect clever".split()
BAD = "dull awful boring bad flat cold silly endless".split()
PLAIN = "the film was an actor and it scene story plot with of to in".split()


def load_reviews(n):
    reviews, sentiment = [], []
    for _ in range(n):
        label = random.randint(0, 1)
        words = [random.choice(PLAIN) for _ in range(8)] + random.sample(GOOD if label else BAD, 3)
        random.shuffle(words)
        reviews.append(" ".join(words).capitalize() + "!")
        sentiment.append(label)
    return reviews, np.array(sentiment)


(X_train, y_train), (X_test, y_test) = load_reviews(64), load_reviews(32)
print("Review", X_train[0])
print("Label", y_train[0])

tokenizer = text.Tokenizer(num_words=config.vocab_size)
tokenizer.fit_on_texts(X_train)
X_train = tokenizer.texts_to_sequences(X_train)
X_test = tokenizer.texts_to_sequences(X_test)

X_train = sequence.pad_sequences(X_train, maxlen=config.maxlen)
X_test = sequence.pad_sequences(X_test, maxlen=config.maxlen)
print(X_train.shape)
print("After pre-processing", X_train[0])

model = Sequential()
model.add(Embedding(config.vocab_size, config.embedding_dims, input_length=config.maxlen))
model.add(LSTM(config.hidden_dims, activation="sigmoid"))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="rmsprop", metrics=["accuracy"])

model.fit(X_train, y_train, batch_size=config.batch_size, epochs=config.epochs, validation_data=(X_test, y_test), callbacks=[WandbCallback()])
