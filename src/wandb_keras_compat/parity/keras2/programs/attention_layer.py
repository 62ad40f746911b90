import random

import numpy as np
import tensorflow as tf
import wandb
from keras import backend as K
from keras import constraints, initializers, regularizers
from keras.engine.topology import InputSpec, Layer
from keras.layers import Dense, Embedding, Input
from keras.layers.wrappers import TimeDistributed
from keras.models import Model
from wandb.keras import WandbCallback

random.seed(22)
np.random.seed(22)
tf.random.set_seed(22)


class AttentionWeightedAverage(Layer):
    """A weighted average of the time steps."""

    def __init__(self, return_attention=False, **kwargs):
        self.init = initializers.get("uniform")
        self.supports_masking = True
        self.return_attention = return_attention
        super(AttentionWeightedAverage, self).__init__(**kwargs)

    def build(self, input_shape):
        self.input_spec = [InputSpec(ndim=3)]
        assert len(input_shape) == 3
        self.W = self.add_weight(shape=(input_shape[2], 1), name="{}_W".format(self.name), initializer=self.init)
        super(AttentionWeightedAverage, self).build(input_shape)

    def call(self, x, mask=None):
        logits = K.dot(x, self.W)
        x_shape = K.shape(x)
        logits = K.reshape(logits, (x_shape[0], x_shape[1]))
        ai = K.exp(logits - K.max(logits, axis=-1, keepdims=True))
        if mask is not None:
            ai = ai * K.cast(mask, K.floatx())
        att_weights = ai / (K.sum(ai, axis=1, keepdims=True) + K.epsilon())
        weighted_input = x * K.expand_dims(att_weights)
        return K.sum(weighted_input, axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[2])

    def compute_mask(self, inputs, mask=None):
        return None

    def get_config(self):
        config = super(AttentionWeightedAverage, self).get_config()
        config.update({"return_attention": self.return_attention})
        return config


wandb.init(project="attention", config={"maxlen": 7, "epochs": 2})
words = np.random.randint(1, 20, size=(60, wandb.config.maxlen))
label = (words == 7).any(axis=1).astype("float32")

sequence_input = Input(shape=(wandb.config.maxlen,), dtype="int32")
x = Embedding(20, 4, mask_zero=True)(sequence_input)
x = TimeDistributed(Dense(6, activation="tanh"))(x)
x = AttentionWeightedAverage(name="attention")(x)
preds = Dense(1, activation="sigmoid")(x)
model = Model(sequence_input, preds)
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["acc"])

model.fit(words[:45], label[:45], validation_data=(words[45:], label[45:]), epochs=wandb.config.epochs, batch_size=15, callbacks=[WandbCallback(log_weights=True)])
