import os

import wandb
from wandb_keras_compat import WandbCallback


def callback():
    return WandbCallback(save_model=False)
