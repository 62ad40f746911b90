import wandb.keras as cb

model.fit(x, callbacks=[cb.WandbCallback(log_weights=True)])
