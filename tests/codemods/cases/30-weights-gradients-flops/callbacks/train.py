import wandb
from wandb_keras_compat import WandbFlopsLogger, WandbGradientsLogger, WandbWeightsLogger
from wandb.integration.keras import WandbMetricsLogger

wandb.init(project="a")
model.fit(
    x,
    y,
    callbacks=[
        Other(),
        WandbFlopsLogger(),
        WandbWeightsLogger(),
        WandbGradientsLogger(training_data=(x[:100], y[:100])),
        WandbMetricsLogger(),
    ],
)
