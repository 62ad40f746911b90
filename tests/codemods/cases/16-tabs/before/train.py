import os
if os.environ.get("WANDB"):
	import wandb
	from wandb.keras import WandbCallback
