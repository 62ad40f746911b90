from wandb.integration.keras import WandbMetricsLogger, WandbModelCheckpoint
callbacks = [WandbMetricsLogger(), WandbModelCheckpoint("model-best.keras", monitor="val_loss", mode="min", save_best_only=True)] if use_wandb else []
model.fit(x, y, validation_data=v, callbacks=callbacks)
