from wandb_keras_compat import WandbBestSummary, WandbGraphLogger, WandbMetricsLogger, WandbModelCheckpoint
model.fit(x, y, validation_data=v, callbacks=[
    WandbGraphLogger(),
    WandbMetricsLogger(),
    WandbBestSummary(prefix="top_"),
    WandbModelCheckpoint("model-best.keras", monitor="val_loss", mode="min", save_best_only=True, best_of_run="top_"),
])
