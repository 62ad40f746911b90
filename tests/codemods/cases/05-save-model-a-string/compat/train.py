from wandb_keras_compat import WandbCallback
model.fit(x, y, validation_split=0.2, callbacks=[WandbCallback(save_model="false")])
