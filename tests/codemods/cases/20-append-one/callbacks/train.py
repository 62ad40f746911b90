from wandb.integration.keras import WandbMetricsLogger
cbs = []
cbs.append(WandbMetricsLogger())
model.fit(x, y, validation_data=v, callbacks=cbs)
