from wandb.keras import WandbCallback, WandbMetricsLogger
