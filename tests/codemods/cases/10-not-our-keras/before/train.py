from wandb import keras

model = keras.models.load_model("m.h5")
