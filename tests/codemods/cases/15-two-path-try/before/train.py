try:
    from wandb.integration.keras import WandbCallback
except ImportError:
    from wandb.keras import WandbCallback
