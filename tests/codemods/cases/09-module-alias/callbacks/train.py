from wandb_keras_compat import WandbMetricsLogger, WandbWeightsLogger

model.fit(x, callbacks=[WandbWeightsLogger(), WandbMetricsLogger()])
