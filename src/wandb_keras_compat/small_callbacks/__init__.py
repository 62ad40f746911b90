"""The capabilities that only the legacy class had, each as a small Keras callback to use beside the newer three.

``WandbCallback(...)`` does the same as a list of these callbacks in this order. The metrics logger closes the row of an
epoch, so what belongs in the row has to come before it::

    [
        WandbFlopsLogger(),                        # compute_flops=True
        WandbGraphLogger(),                        # save_graph=True
        WandbWeightsLogger(),                      # log_weights=True
        WandbGradientsLogger(training_data),       # log_gradients=True
        WandbExamplesLogger(input_type="image"),   # input_type=, output_type=, labels=, ...
        WandbPredictionsLogger(),                  # log_evaluation=True
        WandbMetricsLogger(keys="legacy"),         # the metrics; log_freq=n for log_batch_frequency=n
        WandbBestSummary(),                        # best_val_loss and best_epoch
        WandbBestModel(),                          # save_model=True
    ]

Each of them calls the feature of the same name and has no code of its own. One argument differs: with
``steps_per_execution`` the newer logger's ``log_freq`` counts batches, ``log_batch_frequency`` counted executions.
"""

from __future__ import annotations

from .best import WandbBestSummary
from .checkpoint import WandbBestModel
from .evaluation import WandbPredictionsLogger
from .examples import WandbExamplesLogger
from .flops import WandbFlopsLogger
from .gradients import WandbGradientsLogger
from .graph import WandbGraphLogger
from .weights import WandbWeightsLogger

__all__ = [
    "WandbBestModel",
    "WandbBestSummary",
    "WandbExamplesLogger",
    "WandbFlopsLogger",
    "WandbGradientsLogger",
    "WandbGraphLogger",
    "WandbPredictionsLogger",
    "WandbWeightsLogger",
]
