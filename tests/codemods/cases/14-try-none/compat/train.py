try:
    from wandb_keras_compat import WandbCallback
except ImportError:
    WandbCallback = None
