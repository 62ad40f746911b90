from wandb_keras_compat import WandbExamplesLogger
from wandb.integration.keras import WandbMetricsLogger
model.fit(x, callbacks=[WandbExamplesLogger(input_type="image", labels=labels), WandbMetricsLogger()])
