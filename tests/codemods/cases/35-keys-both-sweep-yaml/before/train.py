import wandb
from wandb.keras import WandbCallback

model.fit(x, y, validation_data=v, callbacks=[WandbCallback()])
