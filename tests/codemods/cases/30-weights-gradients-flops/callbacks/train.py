import wandb
from wandb_keras_compat import WandbFlopsLogger, WandbGradientsLogger, WandbMetricsLogger, WandbWeightsLogger

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
