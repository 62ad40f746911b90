from wandb.keras import WandbCallback
cbs = []
cbs.append(WandbCallback())
model.fit(x, y, validation_data=v, callbacks=cbs)
