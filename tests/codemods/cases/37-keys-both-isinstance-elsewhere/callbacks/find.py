import wandb
from wandb_keras_compat import WandbCallback

found = [c for c in callbacks if isinstance(c, (Other, WandbCallback))]
