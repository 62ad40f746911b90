import os
import random

import numpy as np
import tensorflow as tf
import wandb
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from keras.models import Sequential
from keras.preprocessing.image import ImageDataGenerator
from PIL import Image
from wandb.keras import WandbCallback

random.seed(5)
np.random.seed(5)
tf.random.set_seed(5)

run = wandb.init(project="pets", config={"batch_size": 4, "epochs": 2, "img_size": 16})
config = wandb.config

# a data set in folders, as one downloads it
for split, count in (("train", 12), ("validation", 8)):
    for label, shade in (("cats", 60), ("dogs", 160)):
        folder = os.path.join("data", split, label)
        if not os.path.exists(folder):
            os.makedirs(folder)
        for i in range(count):
            pixels = np.clip(np.random.normal(shade, 30, size=(20, 20, 3)), 0, 255).astype("uint8")
            Image.fromarray(pixels).save(os.path.join(folder, "%03d.png" % i))

train_datagen = ImageDataGenerator(rescale=1.0 / 255)
test_datagen = ImageDataGenerator(rescale=1.0 / 255)

train_generator = train_datagen.flow_from_directory(
    "data/train",
    target_size=(config.img_size, config.img_size),
    batch_size=config.batch_size,
    class_mode="binary",
    shuffle=False,
)
validation_generator = test_datagen.flow_from_directory(
    "data/validation",
    target_size=(config.img_size, config.img_size),
    batch_size=config.batch_size,
    class_mode="binary",
    shuffle=False,
)
shown_generator = test_datagen.flow_from_directory(
    "data/validation",
    target_size=(config.img_size, config.img_size),
    batch_size=config.batch_size,
    class_mode="binary",
    shuffle=False,
)
print(train_generator.class_indices)

model = Sequential()
model.add(Conv2D(4, (3, 3), activation="relu", input_shape=(config.img_size, config.img_size, 3)))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(8, activation="relu"))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer="rmsprop", metrics=["accuracy"])

model.fit_generator(
    train_generator,
    steps_per_epoch=train_generator.samples // config.batch_size,
    epochs=config.epochs,
    validation_data=validation_generator,
    validation_steps=validation_generator.samples // config.batch_size,
    callbacks=[WandbCallback(input_type="image", generator=shown_generator, labels=["cat", "dog"], predictions=4)],
)
model.save_weights("first_try.h5")
print(model.evaluate_generator(validation_generator, steps=4))
