import wandb
from wandb.keras import WandbCallback

wandb.define_metric("val_loss", summary="min")
callback = WandbCallback(log_weights=True)
model.fit(x, callbacks=[callback])
