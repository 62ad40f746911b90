from wandb_keras_compat import WandbCallback

model.fit(x, y, callbacks=[WandbCallback()])
