from wandb.integration.keras import WandbMetricsLogger
model.fit(x, y, callbacks=[WandbMetricsLogger()])
