from wandb_keras_compat import WandbCallback
model.fit(x, y, validation_data=v, callbacks=[WandbCallback(log_best_prefix="top_", save_graph=True)])
