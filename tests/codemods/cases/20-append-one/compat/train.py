from wandb_keras_compat import WandbCallback
cbs = []
cbs.append(WandbCallback(save_model=False))
model.fit(x, y, validation_data=v, callbacks=cbs)
