from wandb.keras import (WandbMetricsLogger,
   WandbModelCheckpoint)
