from wandb_keras_compat import WandbCallback

model.fit(x, callbacks=[WandbCallback(**options)])
