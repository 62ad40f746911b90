try:
    from wandb_keras_compat import WandbCallback
except ImportError:
    from wandb_keras_compat import WandbCallback
