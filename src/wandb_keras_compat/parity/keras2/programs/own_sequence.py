import random

import numpy as np
import tensorflow as tf
import wandb
from keras.layers import Conv2D, Dense, GlobalAveragePooling2D
from keras.models import Sequential
from keras.utils import np_utils
from keras.utils.data_utils import Sequence
from wandb.keras import WandbCallback


class DataGenerator(Sequence):
    'Generates data for Keras'

    def __init__(self, list_IDs, labels, batch_size=6, dim=(8, 8), n_channels=1, n_classes=3, shuffle=True):
        'Initialization'
        self.dim = dim
        self.batch_size = batch_size
        self.labels = labels
        self.list_IDs = list_IDs
        self.n_channels = n_channels
        self.n_classes = n_classes
        self.shuffle = shuffle
        self.on_epoch_end()

    def __len__(self):
        return int(np.floor(len(self.list_IDs) / self.batch_size))

    def __getitem__(self, index):
        indexes = self.indexes[index * self.batch_size : (index + 1) * self.batch_size]
        X = np.empty((self.batch_size,) + self.dim + (self.n_channels,))
        y = np.empty(self.batch_size, dtype=int)
        for i, k in enumerate(indexes):
            ID = self.list_IDs[k]
            y[i] = self.labels[ID]
            X[i] = np.random.RandomState(ID).rand(*X.shape[1:]) * (1 + y[i]) / 3.0
        return X, np_utils.to_categorical(y, num_classes=self.n_classes)

    def on_epoch_end(self):
        self.indexes = np.arange(len(self.list_IDs))
        if self.shuffle:
            np.random.RandomState(0).shuffle(self.indexes)


if __name__ == '__main__':
    random.seed(19)
    np.random.seed(19)
    tf.random.set_seed(19)
    wandb.init(project='sequence', config={'batch_size': 6, 'epochs': 2})
    params = {'dim': (8, 8), 'batch_size': wandb.config.batch_size, 'n_classes': 3, 'n_channels': 1}
    labels = {i: i % 3 for i in range(60)}
    partition = {'train': list(range(42)), 'validation': list(range(42, 60))}
    training_generator = DataGenerator(partition['train'], labels, **params)
    validation_generator = DataGenerator(partition['validation'], labels, shuffle=False, **params)

    model = Sequential()
    model.add(Conv2D(4, 3, activation='relu', input_shape=(8, 8, 1)))
    model.add(GlobalAveragePooling2D())
    model.add(Dense(3, activation='softmax'))
    model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])

    model.fit_generator(generator=training_generator, validation_data=validation_generator,
                        use_multiprocessing=False, shuffle=False, epochs=wandb.config.epochs,
                        callbacks=[WandbCallback(labels=['a', 'b', 'c'])])
