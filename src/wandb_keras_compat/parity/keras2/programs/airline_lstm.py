# Passengers of next month from those of the months before.
import math
import random

import numpy as np
import tensorflow as tf
import wandb
from keras.callbacks import Callback, EarlyStopping
from keras.layers import LSTM, Dense
from keras.layers.recurrent import SimpleRNN
from keras.models import Sequential
from wandb.keras import WandbCallback

random.seed(6)
np.random.seed(6)
tf.random.set_seed(6)


class PlotCallback(Callback):
    def on_epoch_end(self, epoch, logs):
        preds = self.model.predict(trainX, verbose=0)
        wandb.log({"fit_rmse": float(np.sqrt(np.mean((preds[:, 0] - trainY) ** 2)))}, commit=False)


wandb.init(project="airline")
config = wandb.config
config.look_back = 4
config.units = 5
config.epochs = 3


def create_dataset(dataset):
    dataX, dataY = [], []
    for i in range(len(dataset) - config.look_back - 1):
        dataX.append(dataset[i : (i + config.look_back)])
        dataY.append(dataset[i + config.look_back])
    return np.array(dataX), np.array(dataY)


months = np.arange(96)
data = 100 + 2.0 * months + 30 * np.sin(months * 2 * math.pi / 12)
data = (data - data.min()) / (data.max() - data.min())
split = int(len(data) * 0.70)
train, test = data[:split], data[split:]

trainX, trainY = create_dataset(train)
testX, testY = create_dataset(test)
trainX = trainX[:, :, np.newaxis]
testX = testX[:, :, np.newaxis]

model = Sequential()
model.add(SimpleRNN(config.units, return_sequences=True, input_shape=(config.look_back, 1)))
model.add(LSTM(config.units))
model.add(Dense(1))
model.compile(loss="mae", optimizer="rmsprop")
model.fit(
    trainX, trainY,
    epochs=config.epochs,
    batch_size=10,
    validation_data=(testX, testY),
    callbacks=[PlotCallback(), EarlyStopping(monitor="val_loss", patience=5), WandbCallback()],
)
