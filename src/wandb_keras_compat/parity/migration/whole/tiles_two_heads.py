"""Attribute only: no import of the Keras part at all, one callback for a loop of fits in one run, a functional model with two outputs."""
import random

import numpy as np
import tensorflow as tf
import wandb
from tensorflow.keras import backend as K
from tensorflow.keras.layers import *
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import Adam

####################
# hyper parameters #
####################

TILE_MAP = (4, 4)  # tiles of one image
SAMPLE_NUMBER = 40  # images of one round
ROUNDS = 3  # each with new images


class dotdict(dict):
    """dot.notation access to dictionary attributes"""
    __getattr__ = dict.get
    __setattr__ = dict.__setitem__
    __delattr__ = dict.__delitem__


def box_loss(y_true, y_pred):
    # the smaller one of the error and that with both corners exchanged
    straight = tf.reduce_mean(tf.abs(y_true - y_pred), axis=-1)
    crossed = tf.reduce_mean(tf.abs(tf.roll(y_true, 2, axis=-1) - y_pred), axis=-1)
    return tf.math.minimum(straight, crossed)


BOX_CONFIG = dotdict(dict(
    dropout=0.0,
    learning_rate=0.01,
    outputs=["label", "box"],
    output_nodes=[3, 4],
    loss_weights=[1, 0.5],
    model_name="DNN_box_v2",
    dense_layers=2,
    dense_scaling=0.5,
    dense_neurons=16,
    activation_dense="relu",
    activation_output=["softmax", "sigmoid"],
    epochs=ROUNDS,
))
LOSSES = ["categorical_crossentropy", box_loss]


# what a first model said of each tile of some images, with the label and the box of each image
def to_tilemap(number, seed):
    rng = random.Random(seed)
    tilex, labels, boxes = [], [], []
    for _ in range(number):
        label = rng.randrange(3)
        top, left = rng.randrange(3), rng.randrange(3)
        tiles = np.full((*TILE_MAP, 2), 0.1)
        tiles[top:top + 2, left:left + 2, 0] = 0.9
        tiles[..., 1] = label / 2
        tilex.append(tiles + np.array([[[rng.random() * 0.05, rng.random() * 0.05]]]))
        labels.append(np.eye(3)[label])
        boxes.append([top / 4, left / 4, (top + 2) / 4, (left + 2) / 4])
    return np.array(tilex, "float32"), np.array(labels, "float32"), np.array(boxes, "float32")


# trains the second model on tilemaps created by the first model and returns it
def tile_train(sample_number, rounds, target_model):
    wandb_callback = wandb.keras.WandbCallback(log_weights=True)
    valx, valy1, valy2 = to_tilemap(sample_number // 2, seed=99)
    for i in range(rounds):
        tilex, tiley1, tiley2 = to_tilemap(sample_number, seed=i)
        tiley = (tiley1, tiley2)

        history = target_model.fit(
            x=tilex,
            y={BOX_CONFIG.outputs[j]: tiley[j] for j in range(len(BOX_CONFIG.outputs))},
            validation_data=(valx, {"label": valy1, "box": valy2}),
            batch_size=10,
            epochs=1,
            verbose=0,
            callbacks=[wandb_callback]
        ).history
        print("round", i, "loss %.4f" % history["loss"][0])
    return target_model


tf.keras.utils.set_random_seed(19)

# create the target model
layer_in = Input(shape=(*TILE_MAP, 2), name="input")
x = Flatten()(layer_in)

for i in range(BOX_CONFIG.dense_layers):
    x = Dense(int(BOX_CONFIG.dense_neurons * BOX_CONFIG.dense_scaling ** i),
              activation=BOX_CONFIG.activation_dense,
              kernel_initializer="he_normal")(x)
    x = Dropout(BOX_CONFIG.dropout)(x)
outputs = []
for i in range(len(BOX_CONFIG.outputs)):
    outputs.append(Dense(BOX_CONFIG.output_nodes[i], activation=BOX_CONFIG.activation_output[i], name=BOX_CONFIG.outputs[i])(x))
box_dnn = Model(inputs=layer_in, outputs=outputs)
box_dnn.compile(optimizer=Adam(BOX_CONFIG.learning_rate),
                loss={BOX_CONFIG.outputs[i]: LOSSES[i] for i in range(len(BOX_CONFIG.outputs))},
                loss_weights={BOX_CONFIG.outputs[i]: BOX_CONFIG.loss_weights[i] for i in range(len(BOX_CONFIG.outputs))},
                metrics={"label": ["accuracy"], "box": ["mae"]})

wandb.init(project="tiles", config=dict(BOX_CONFIG))

# train and save the box model
box_dnn = tile_train(SAMPLE_NUMBER, BOX_CONFIG.epochs, box_dnn)
box_dnn.save_weights(BOX_CONFIG.model_name + ".weights.h5")

K.clear_session()
wandb.finish()
