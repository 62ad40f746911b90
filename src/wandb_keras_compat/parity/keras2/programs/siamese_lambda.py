'''Pairs of sketches: the same thing or not.'''
import random

import numpy as np
import tensorflow as tf
import wandb
from keras import backend as K
from keras.layers import Dense, Dropout, Flatten, Input, Lambda
from keras.models import Model
from keras.optimizers import RMSprop
from wandb.keras import WandbCallback

random.seed(23)
np.random.seed(23)
tf.random.set_seed(23)


def euclidean_distance(vects):
    x, y = vects
    sum_square = K.sum(K.square(x - y), axis=1, keepdims=True)
    return K.sqrt(K.maximum(sum_square, K.epsilon()))


def eucl_dist_output_shape(shapes):
    shape1, shape2 = shapes
    return (shape1[0], 1)


def contrastive_loss(y_true, y_pred):
    margin = 1
    square_pred = K.square(y_pred)
    margin_square = K.square(K.maximum(margin - y_pred, 0))
    return K.mean(y_true * square_pred + (1 - y_true) * margin_square)


def accuracy(y_true, y_pred):
    return K.mean(K.equal(y_true, K.cast(y_pred < 0.5, y_true.dtype)))


def create_base_network(input_shape):
    input = Input(shape=input_shape)
    x = Flatten()(input)
    x = Dense(8, activation="relu")(x)
    x = Dense(4, activation="relu")(x)
    return Model(input, x)


def pairs_of(n):
    base = np.random.RandomState(0).rand(3, 5, 5)
    k = np.random.randint(0, 3, size=(n, 2))
    a = base[k[:, 0]] + 0.05 * np.random.rand(n, 5, 5)
    b = base[k[:, 1]] + 0.05 * np.random.rand(n, 5, 5)
    return a.astype("float32"), b.astype("float32"), (k[:, 0] == k[:, 1]).astype("float32")


wandb.init(project="siamese")
wandb.config.epochs = 2

tr_a, tr_b, tr_y = pairs_of(64)
te_a, te_b, te_y = pairs_of(24)

base_network = create_base_network((5, 5))
input_a = Input(shape=(5, 5))
input_b = Input(shape=(5, 5))
distance = Lambda(euclidean_distance, output_shape=eucl_dist_output_shape)([base_network(input_a), base_network(input_b)])
model = Model([input_a, input_b], distance)

rms = RMSprop()
model.compile(loss=contrastive_loss, optimizer=rms, metrics=[accuracy])
model.fit([tr_a, tr_b], tr_y, batch_size=16, epochs=wandb.config.epochs, validation_data=([te_a, te_b], te_y),
          callbacks=[WandbCallback(save_weights_only=True)])

y_pred = model.predict([te_a, te_b], verbose=0)
print("* Accuracy on test set: %0.2f%%" % (100 * np.mean(te_y == (y_pred.ravel() < 0.5))))
