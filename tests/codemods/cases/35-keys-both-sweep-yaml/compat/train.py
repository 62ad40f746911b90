import wandb
from wandb_keras_compat import WandbCallback

model.fit(x, y, validation_data=v, callbacks=[WandbCallback()])
