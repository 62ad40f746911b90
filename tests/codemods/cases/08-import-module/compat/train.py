import wandb
from wandb_keras_compat import WandbCallback

wandb.init()
callback = WandbCallback()
