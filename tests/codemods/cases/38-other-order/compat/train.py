from wandb_keras_compat import WandbCallback
model.fit(x, y, callbacks=[WandbCallback(log_evaluation=True, labels=names(), log_gradients=True, training_data=load())])
