from wandb_keras_compat import WandbCallback

callback = WandbCallback(
    log_evaluation=True,
    validation_data=(x_val, y_val),
    labels=["cat", "dog"],
    log_evaluation_frequency=5,
    validation_row_processor=lambda ndx, row: {"label": row["target"]},
    save_model=False,
)
model.fit(x, y, validation_data=(x_val, y_val), callbacks=[Other(), callback])
