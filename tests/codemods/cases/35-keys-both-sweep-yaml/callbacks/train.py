import wandb
from wandb_keras_compat import WandbBestModel, WandbBestSummary, WandbGraphLogger, WandbMetricsLogger

model.fit(x, y, validation_data=v, callbacks=[
    WandbGraphLogger(),
    WandbMetricsLogger(keys="both"),
    WandbBestSummary(),
    WandbBestModel(),
])
