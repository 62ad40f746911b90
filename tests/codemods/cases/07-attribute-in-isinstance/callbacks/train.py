import wandb
from wandb_keras_compat import WandbCallback

found = [t for t in callbacks if isinstance(t, WandbCallback)]
