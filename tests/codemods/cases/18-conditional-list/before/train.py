from wandb.keras import WandbCallback
callbacks = [WandbCallback()] if use_wandb else []
model.fit(x, y, validation_data=v, callbacks=callbacks)
