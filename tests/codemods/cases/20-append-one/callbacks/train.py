from wandb_keras_compat import WandbMetricsLogger
cbs = []
cbs.append(WandbMetricsLogger())
model.fit(x, y, validation_data=v, callbacks=cbs)
