import wandb
from wandb_keras_compat import WandbMetricsLogger, WandbModelCheckpoint

model.fit(x, y, validation_data=v, callbacks=[WandbMetricsLogger(), WandbModelCheckpoint(f"model-best-{wandb.run.id}.keras", monitor="val_loss", mode="min", save_best_only=True, best_of_run=True)])
