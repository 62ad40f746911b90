import numpy as np
import wandb
from model import build
from wandb.keras import WandbCallback

wandb.init(project="old-project", config={"width": 8})
x = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
y = x.sum(axis=1, keepdims=True)
build(wandb.config.width).fit(x, y, validation_split=0.25, epochs=2, callbacks=[WandbCallback(log_weights=True)])
