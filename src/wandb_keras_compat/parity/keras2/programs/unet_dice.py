import random

import numpy as np
import tensorflow as tf
import wandb
from keras import backend as K
from keras.layers import Input
from keras.layers.convolutional import Conv2D, Conv2DTranspose
from keras.layers.merge import concatenate
from keras.layers.pooling import MaxPooling2D
from keras.models import Model
from keras.optimizers import Adam
from wandb.keras import WandbCallback

random.seed(25)
np.random.seed(25)
tf.random.set_seed(25)

K.set_image_data_format("channels_last")
smooth = 1.0


def dice_coef(y_true, y_pred):
    y_true_f = K.flatten(y_true)
    y_pred_f = K.flatten(y_pred)
    intersection = K.sum(y_true_f * y_pred_f)
    return (2.0 * intersection + smooth) / (K.sum(y_true_f) + K.sum(y_pred_f) + smooth)


def dice_coef_loss(y_true, y_pred):
    return -dice_coef(y_true, y_pred)


def get_unet(size):
    inputs = Input((size, size, 1))
    conv1 = Conv2D(4, (3, 3), activation="relu", padding="same")(inputs)
    pool1 = MaxPooling2D(pool_size=(2, 2))(conv1)
    conv2 = Conv2D(6, (3, 3), activation="relu", padding="same")(pool1)
    up1 = concatenate([Conv2DTranspose(4, (2, 2), strides=(2, 2), padding="same")(conv2), conv1], axis=3)
    conv3 = Conv2D(4, (3, 3), activation="relu", padding="same")(up1)
    conv4 = Conv2D(1, (1, 1), activation="sigmoid")(conv3)
    model = Model(inputs=[inputs], outputs=[conv4])
    model.compile(optimizer=Adam(lr=1e-2), loss=dice_coef_loss, metrics=[dice_coef])
    return model


def load(n):
    imgs = np.random.rand(n, 8, 8, 1) * 0.4
    masks = np.zeros((n, 8, 8, 1))
    for i in range(n):
        r, c = np.random.randint(0, 5, 2)
        masks[i, r : r + 3, c : c + 3] = 1
    return (imgs + 0.6 * masks).astype("float32"), masks.astype("float32")


def train_and_predict():
    imgs_train, imgs_mask_train = load(24)
    imgs_val, imgs_mask_val = load(8)
    model = get_unet(8)
    model.fit(imgs_train, imgs_mask_train, batch_size=8, epochs=2, verbose=1, shuffle=True,
              validation_data=(imgs_val, imgs_mask_val),
              callbacks=[WandbCallback(data_type="image", predictions=8, monitor="val_dice_coef", mode="max")])
    imgs_mask_test = model.predict(imgs_val, verbose=1)
    np.save("imgs_mask_test.npy", imgs_mask_test)


if __name__ == "__main__":
    wandb.init(project="nerves")
    train_and_predict()
