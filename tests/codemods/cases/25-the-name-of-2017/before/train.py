from wandb.wandb_keras import WandbKerasCallback
callback = WandbKerasCallback()
