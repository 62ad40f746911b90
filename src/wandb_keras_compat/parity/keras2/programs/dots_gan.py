from __future__ import division, print_function

import random

import numpy as np
import tensorflow as tf
import wandb
from keras.layers import Dense, Dropout, Flatten, Input, Reshape
from keras.layers.advanced_activations import LeakyReLU
from keras.models import Model, Sequential
from keras.optimizers import Adam
from wandb.keras import WandbCallback


class GAN():
    def __init__(self):
        self.img_shape = (6, 6, 1)
        self.latent_dim = 5

        self.discriminator = self.build_discriminator()
        self.discriminator.compile(loss="binary_crossentropy", optimizer=Adam(0.0002, 0.5), metrics=["accuracy"])

        self.generator = self.build_generator()
        z = Input(shape=(self.latent_dim,))
        img = self.generator(z)

        # For the combined model we will only train the generator
        self.discriminator.trainable = False
        validity = self.discriminator(img)
        self.combined = Model(z, validity)
        self.combined.compile(loss="binary_crossentropy", optimizer=Adam(0.0002, 0.5))

    def build_generator(self):
        model = Sequential()
        model.add(Dense(12, input_dim=self.latent_dim))
        model.add(LeakyReLU(alpha=0.2))
        model.add(Dense(int(np.prod(self.img_shape)), activation="tanh"))
        model.add(Reshape(self.img_shape))
        return model

    def build_discriminator(self):
        model = Sequential()
        model.add(Flatten(input_shape=self.img_shape))
        model.add(Dense(12))
        model.add(LeakyReLU(alpha=0.2))
        model.add(Dense(1, activation="sigmoid"))
        return model

    def train(self, X_train, epochs, batch_size):
        valid = np.ones((batch_size, 1))
        fake = np.zeros((batch_size, 1))

        # the discriminator sees noise first
        X = np.concatenate([X_train[:32], np.random.uniform(-1, 1, (32,) + self.img_shape)])
        y = np.concatenate([np.ones((32, 1)), np.zeros((32, 1))])
        self.discriminator.fit(X, y, epochs=1, verbose=0, callbacks=[WandbCallback(save_model=False)])

        for epoch in range(epochs):
            idx = np.random.randint(0, X_train.shape[0], batch_size)
            imgs = X_train[idx]
            noise = np.random.normal(0, 1, (batch_size, self.latent_dim))
            gen_imgs = self.generator.predict(noise, verbose=0)

            d_loss_real = self.discriminator.train_on_batch(imgs, valid)
            d_loss_fake = self.discriminator.train_on_batch(gen_imgs, fake)
            d_loss = 0.5 * np.add(d_loss_real, d_loss_fake)
            g_loss = self.combined.train_on_batch(noise, valid)
            print("%d [D loss: %f, acc.: %.2f%%] [G loss: %f]" % (epoch, d_loss[0], 100 * d_loss[1], g_loss))
            wandb.log({"d_loss": d_loss[0], "d_acc": d_loss[1], "g_loss": g_loss})

        samples = (127.5 * self.generator.predict(np.eye(2, self.latent_dim), verbose=0) + 127.5).astype("uint8")
        wandb.log({"samples": [wandb.Image(s) for s in samples]})


if __name__ == "__main__":
    random.seed(10)
    np.random.seed(10)
    tf.random.set_seed(10)
    wandb.init(project="gan")
    dots = np.full((40, 6, 6, 1), -1.0)
    dots[np.arange(40), np.random.randint(1, 5, 40), np.random.randint(1, 5, 40)] = 1.0
    GAN().train(dots, epochs=4, batch_size=8)
