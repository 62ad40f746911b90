from wandb_keras_compat import WandbCallback  # noqa: E402  experiment tracking
