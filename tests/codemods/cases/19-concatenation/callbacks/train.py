from wandb_keras_compat import WandbMetricsLogger, WandbModelCheckpoint
model.fit(x, y, validation_data=v, callbacks=defaults() + [WandbMetricsLogger(), WandbModelCheckpoint("model-best.keras", monitor="val_loss", mode="min", save_best_only=True, best_of_run=True), Other()])
