import argparse
import random
import sys

import numpy as np
import tensorflow as tf
import wandb
from keras.layers import Conv1D, Dense, Dropout, GlobalMaxPooling1D
from keras.layers.embeddings import Embedding
from keras.models import Sequential
from keras.optimizers import Adam
from keras.preprocessing.sequence import pad_sequences
from keras.preprocessing.text import Tokenizer
from keras.utils import to_categorical
from wandb.keras import WandbCallback

TOPICS = {
    "sports": "goal match coach season team score league",
    "money": "bank shares market profit trade euro tax",
    "weather": "rain storm wind sunny cloud snow degrees",
}


def parse_args(argv):
    parser = argparse.ArgumentParser(description="Headlines by topic")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--lr", type=float, default=1e-2)
    parser.add_argument("--max-len", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1337)
    return parser.parse_args(argv)


def headlines(n):
    names = sorted(TOPICS)
    y = np.random.randint(0, len(names), n)
    x = [" ".join(np.random.choice(TOPICS[names[k]].split(), 5)) for k in y]
    return x, to_categorical(y, num_classes=len(names))


def build(vocabulary, args):
    model = Sequential()
    model.add(Embedding(input_dim=vocabulary, output_dim=5, input_length=args.max_len, name="words"))
    model.add(Conv1D(filters=6, kernel_size=3, padding="valid", activation="relu"))
    model.add(GlobalMaxPooling1D())
    model.add(Dense(3, activation="softmax"))
    model.compile(loss="categorical_crossentropy", optimizer=Adam(lr=args.lr), metrics=["acc"])
    return model


def main(argv=None):
    args = parse_args(argv)
    random.seed(args.seed)
    np.random.seed(args.seed)
    tf.random.set_seed(args.seed)
    wandb.init(project="headlines", config=vars(args))

    x_train, y_train = headlines(48)
    x_val, y_val = headlines(24)
    tokenizer = Tokenizer(oov_token="<unk>")
    tokenizer.fit_on_texts(x_train)
    x_train = pad_sequences(tokenizer.texts_to_sequences(x_train), maxlen=args.max_len, padding="post")
    x_val = pad_sequences(tokenizer.texts_to_sequences(x_val), maxlen=args.max_len, padding="post")

    model = build(len(tokenizer.word_index) + 1, args)
    model.fit(
        x_train, y_train,
        batch_size=args.batch_size,
        epochs=args.epochs,
        verbose=2,
        validation_data=(x_val, y_val),
        callbacks=[WandbCallback(monitor="val_acc", log_weights=True)],
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
