from wandb.keras import WandbCallback

model.fit(x, y, callbacks=[WandbCallback()])
