import os
if os.environ.get("WANDB"):
	import wandb
	from wandb_keras_compat import WandbCallback
