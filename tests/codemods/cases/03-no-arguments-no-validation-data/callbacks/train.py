from wandb_keras_compat import WandbMetricsLogger
model.fit(x, y, callbacks=[WandbMetricsLogger()])
