try:
    from wandb.keras import WandbCallback
except ImportError:
    WandbCallback = None
