import random

import numpy as np
import tensorflow as tf
import wandb
from keras import optimizers
from keras.applications.mobilenet import MobileNet, preprocess_input
from keras.layers import Dense, GlobalAveragePooling2D
from keras.models import Model
from keras.preprocessing.image import ImageDataGenerator
from wandb.keras import WandbCallback

random.seed(13)
np.random.seed(13)
tf.random.set_seed(13)

run = wandb.init(project="flowers")
config = run.config
config.img_width, config.img_height = 32, 32
config.epochs = 2
config.batch_size = 4
labels = ["daisy", "rose", "tulip"]

y = np.random.randint(0, 3, 24)
X = np.random.randint(0, 150, (24, 32, 32, 3)).astype("float32")
X[np.arange(24), :, :, y] += 100
Y = np.eye(3)[y]

datagen = ImageDataGenerator(preprocessing_function=preprocess_input)
train_generator = datagen.flow(X[:16], Y[:16], batch_size=config.batch_size, shuffle=False)
validation_generator = datagen.flow(X[16:], Y[16:], batch_size=config.batch_size, shuffle=False)

# no weights are downloaded here
base_model = MobileNet(weights=None, alpha=0.25, include_top=False, input_shape=(32, 32, 3))
x = base_model.output
x = GlobalAveragePooling2D()(x)
x = Dense(8, activation="relu")(x)
predictions = Dense(3, activation="softmax")(x)
model = Model(inputs=base_model.input, outputs=predictions)

for layer in base_model.layers:
    layer.trainable = False

model.compile(optimizer=optimizers.SGD(lr=0.01, momentum=0.9), loss="categorical_crossentropy", metrics=["accuracy"])
model.fit_generator(
    train_generator,
    steps_per_epoch=4,
    epochs=config.epochs,
    workers=1,
    validation_data=validation_generator,
    validation_steps=2,
    callbacks=[WandbCallback(save_weights_only=True, save_graph=False)],
)
