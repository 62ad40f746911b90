import os

import wandb


def callback():
    return wandb.keras.WandbCallback(save_model=False)
