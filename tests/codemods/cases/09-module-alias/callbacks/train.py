import wandb_keras_compat as cb

model.fit(x, callbacks=[cb.WandbCallback(log_weights=True)])
