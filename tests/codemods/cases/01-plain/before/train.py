from wandb.keras import WandbCallback
