from wandb_keras_compat import WandbCallback
model.fit(x, callbacks=[WandbCallback(data_type="image", labels=labels)])
