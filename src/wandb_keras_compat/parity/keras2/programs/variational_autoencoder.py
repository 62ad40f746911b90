'''A variational autoencoder of points on a circle.'''
import random

import numpy as np
import tensorflow as tf
import wandb
from keras import backend as K
from keras.layers import Dense, Input, Lambda
from keras.losses import mse
from keras.models import Model
from wandb.keras import WandbCallback

random.seed(21)
np.random.seed(21)
tf.random.set_seed(21)

wandb.init(project="vae", config={"latent_dim": 2, "intermediate_dim": 8, "epochs": 2, "batch_size": 16})
config = wandb.config
original_dim = 6


# z = z_mean + sqrt(var) * eps
def sampling(args):
    z_mean, z_log_var = args
    batch = K.shape(z_mean)[0]
    dim = K.int_shape(z_mean)[1]
    epsilon = K.random_normal(shape=(batch, dim), mean=0.0, stddev=0.0)
    return z_mean + K.exp(0.5 * z_log_var) * epsilon


angle = np.random.rand(64) * 2 * np.pi
points = np.stack([np.cos(angle + k) for k in range(original_dim)], axis=1)
points = (points * 0.5 + 0.5).astype("float32")
x_train, x_test = points[:48], points[48:]

# encoder
inputs = Input(shape=(original_dim,), name="encoder_input")
x = Dense(config.intermediate_dim, activation="relu")(inputs)
z_mean = Dense(config.latent_dim, name="z_mean")(x)
z_log_var = Dense(config.latent_dim, name="z_log_var")(x)
z = Lambda(sampling, output_shape=(config.latent_dim,), name="z")([z_mean, z_log_var])
encoder = Model(inputs, [z_mean, z_log_var, z], name="encoder")

# decoder
latent_inputs = Input(shape=(config.latent_dim,), name="z_sampling")
x = Dense(config.intermediate_dim, activation="relu")(latent_inputs)
outputs = Dense(original_dim, activation="sigmoid")(x)
decoder = Model(latent_inputs, outputs, name="decoder")

outputs = decoder(encoder(inputs)[2])
vae = Model(inputs, outputs, name="vae_mlp")

reconstruction_loss = mse(inputs, outputs)
reconstruction_loss *= original_dim
kl_loss = 1 + z_log_var - K.square(z_mean) - K.exp(z_log_var)
kl_loss = K.sum(kl_loss, axis=-1)
kl_loss *= -0.5
vae.add_loss(K.mean(reconstruction_loss + kl_loss))
vae.compile(optimizer="adam")

vae.fit(x_train, epochs=config.epochs, batch_size=config.batch_size, validation_data=(x_test, None), callbacks=[WandbCallback(save_model=False, save_graph=True)])
vae.save_weights("vae_mlp.h5")
