from wandb_keras_compat import WandbWeightsLogger
from wandb.integration.keras import WandbMetricsLogger

model.fit(x, callbacks=[WandbWeightsLogger(), WandbMetricsLogger()])
