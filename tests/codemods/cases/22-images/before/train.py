from wandb.keras import WandbCallback
model.fit(x, callbacks=[WandbCallback(data_type="image", labels=labels)])
