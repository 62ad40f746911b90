from wandb.integration.keras import (WandbMetricsLogger,
   WandbModelCheckpoint)
