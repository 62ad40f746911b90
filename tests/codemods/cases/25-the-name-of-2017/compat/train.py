from wandb_keras_compat import WandbCallback as WandbKerasCallback
callback = WandbKerasCallback()
