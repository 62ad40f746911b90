from wandb.keras import WandbCallback  # noqa: E402  experiment tracking
