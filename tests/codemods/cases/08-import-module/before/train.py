import wandb.keras

wandb.init()
callback = wandb.keras.WandbCallback()
