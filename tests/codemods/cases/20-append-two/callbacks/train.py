from wandb_keras_compat import WandbMetricsLogger, WandbModelCheckpoint
cbs = []
cbs.extend([WandbMetricsLogger(), WandbModelCheckpoint("model-best.keras", monitor="val_loss", mode="min", save_best_only=True, best_of_run=True)])
model.fit(x, y, validation_data=v, callbacks=cbs)
