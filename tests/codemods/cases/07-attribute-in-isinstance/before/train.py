import wandb

found = [t for t in callbacks if isinstance(t, wandb.keras.WandbCallback)]
