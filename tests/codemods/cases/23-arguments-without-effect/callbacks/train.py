from wandb.integration.keras import WandbMetricsLogger, WandbModelCheckpoint
model.fit(x, y, validation_data=v, callbacks=[WandbMetricsLogger(), WandbModelCheckpoint("model-best.keras", monitor="val_loss", mode="min", save_best_only=True)])
