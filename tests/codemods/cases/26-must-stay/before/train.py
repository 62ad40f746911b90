from os.path import join

import wandb
from catboost.integrations import WandbCallback as CatboostCallback
from transformers.integrations import WandbCallback
from wandb.integration.keras.callbacks.tables_builder import WandbEvalCallback as Tables
from wandb.integration.keras import WandbModelCheckpoint
from wandb.integration.sb3 import WandbCallback as SB3Callback
from wandb.fastai import WandbCallback as FastaiCallback
from wandb.xgboost import wandb_callback

wandb.keras = wandb.integration.keras
checkpoint = WandbModelCheckpoint(join("out", "wandb.keras"))
# callbacks = [wandb.keras.WandbCallback()]


class Own:
    class WandbCallback:
        """from wandb.keras import WandbCallback"""
