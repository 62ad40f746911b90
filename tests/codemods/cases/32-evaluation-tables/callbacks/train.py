from wandb_keras_compat import WandbMetricsLogger, WandbPredictionsLogger

callback = [
    WandbPredictionsLogger(
        validation_data=(x_val, y_val),
        labels=["cat", "dog"],
        frequency=5,
        validation_row_processor=lambda ndx, row: {"label": row["target"]},
    ),
    WandbMetricsLogger(),
]
model.fit(x, y, validation_data=(x_val, y_val), callbacks=[Other(), *callback])
