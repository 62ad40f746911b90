from wandb_keras_compat import (WandbMetricsLogger,
   WandbModelCheckpoint)
