"""Adversarial training: train_on_batch and rows of one's own, the callback only where the discriminator is fitted before."""
import numpy as np
import tensorflow as tf
from tensorflow.keras.callbacks import LambdaCallback
from tensorflow.keras.layers import Dense, Dropout, Flatten, Input, LeakyReLU, Reshape
from tensorflow.keras.models import Model, Sequential
from tensorflow.keras.optimizers import Adam

import wandb
from wandb.keras import WandbCallback

HYPERPARAMETERS = dict(
    latent_dim=6,
    image_size=8,
    warmup_epochs=2,
    adversarial_epochs=3,
    batches=2,
    batch_size=12,
    d_lr=0.005,
    g_lr=0.005,
)


def real_images(number, size, rng):
    """A bright dot of two by two, somewhere, between -1 and 1."""
    images = rng.uniform(-1.0, -0.8, size=(number, size, size, 1)).astype("float32")
    for image in images:
        row, column = rng.integers(0, size - 1, size=2)
        image[row:row + 2, column:column + 2] = 0.9
    return images


def create_discriminator(config):
    discriminator = Sequential(name="discriminator")
    discriminator.add(Flatten(input_shape=(config.image_size, config.image_size, 1)))
    discriminator.add(Dense(16))
    discriminator.add(LeakyReLU())
    discriminator.add(Dropout(0.1))
    discriminator.add(Dense(1, activation="sigmoid"))
    discriminator.compile(optimizer=Adam(config.d_lr, beta_1=0.5), loss="binary_crossentropy", metrics=["acc"])
    return discriminator


def create_generator(config):
    generator = Sequential(name="generator")
    generator.add(Dense(16, input_shape=(config.latent_dim,)))
    generator.add(LeakyReLU())
    generator.add(Dense(config.image_size ** 2, activation="tanh"))
    generator.add(Reshape((config.image_size, config.image_size, 1)))
    return generator


def create_joint_model(generator, discriminator, config):
    discriminator.trainable = False
    z = Input(shape=(config.latent_dim,))
    joint_model = Model(z, discriminator(generator(z)), name="joint")
    joint_model.compile(optimizer=Adam(config.g_lr, beta_1=0.5), loss="binary_crossentropy", metrics=["acc"])
    discriminator.trainable = True
    return joint_model


def mix_data(data, generator, noise):
    """Real ones, and as many that were made."""
    x = np.concatenate((data, generator.predict(noise, verbose=0)))
    y = np.concatenate((np.ones((len(data), 1)), np.zeros((len(noise), 1)))).astype("float32")
    return x, y


def sample_images(generator, noise, step):
    gen_imgs = generator.predict(noise, verbose=0)
    wandb.log({
        "examples": [wandb.Image(np.squeeze((image + 1) * 127.5).astype("uint8"), caption="step %d, no. %d" % (step, at))
                     for at, image in enumerate(gen_imgs)],
        "brightness": wandb.Histogram(gen_imgs),
    })


def train():
    tf.keras.utils.set_random_seed(64)
    rng = np.random.default_rng(64)
    wandb.init(project="dots", config=HYPERPARAMETERS, tags=["gan"])
    config = wandb.config

    discriminator = create_discriminator(config)
    generator = create_generator(config)

    def noise(number):
        return rng.normal(size=(number, config.latent_dim)).astype("float32")

    # the discriminator learns to tell noise first
    x, y = mix_data(real_images(36, config.image_size, rng), generator, noise(36))
    x_val, y_val = mix_data(real_images(12, config.image_size, rng), generator, noise(12))
    print_acc = LambdaCallback(on_epoch_end=lambda epoch, logs: print("epoch %d: %.2f" % (epoch, logs["val_acc"])))
    discriminator.fit(x, y, epochs=config.warmup_epochs, batch_size=config.batch_size, validation_data=(x_val, y_val), verbose=0,
                      callbacks=[print_acc, WandbCallback(monitor="val_acc", save_model=False, log_best_prefix="warmup_")])

    joint_model = create_joint_model(generator, discriminator, config)
    fixed_noise = noise(3)
    for epoch in range(config.adversarial_epochs):
        print("=" * 69)
        print("Adversarial Epoch: {}/{}".format(epoch + 1, config.adversarial_epochs))
        for _ in range(config.batches):
            x, y = mix_data(real_images(config.batch_size, config.image_size, rng), generator, noise(config.batch_size))
            d_logs = discriminator.train_on_batch(x, y, return_dict=True)
            g_logs = joint_model.train_on_batch(noise(config.batch_size), np.ones((config.batch_size, 1), "float32"), return_dict=True)
        wandb.log({
            "discriminator_loss": float(d_logs["loss"]),
            "discriminator_acc": float(d_logs["acc"]),
            "generator_loss": float(g_logs["loss"]),
            "adversarial_epoch": epoch,
        }, commit=False)
        sample_images(generator, fixed_noise, epoch)

    generator.save_weights("generator.weights.h5")
    wandb.run.summary["generator_parameters"] = generator.count_params()
    wandb.finish()


if __name__ == "__main__":
    train()
