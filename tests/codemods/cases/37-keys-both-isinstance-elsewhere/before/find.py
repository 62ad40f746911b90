import wandb

found = [c for c in callbacks if isinstance(c, (Other, wandb.keras.WandbCallback))]
