from wandb_keras_compat import WandbExamplesLogger, WandbMetricsLogger
model.fit(x, callbacks=[WandbExamplesLogger(input_type="image", labels=labels), WandbMetricsLogger()])
