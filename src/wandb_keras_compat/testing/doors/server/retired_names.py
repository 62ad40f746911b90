"""Telemetry flags that wandb has taken out of its descriptors, which runs of older wandb still send.

Collected from the descriptors of wandb 0.13.4, 0.16.6, 0.18.7, 0.25.1, 0.27.0 and 0.28.0 against those of 0.31.0.
"""

from __future__ import annotations

#: Part of the telemetry message to the numbers that had a name there.
RETIRED: dict[str, dict[int, str]] = {
    "deprecated": {
        1: "keras_callback__data_type",
        2: "run__mode",
        3: "run__save_no_args",
        4: "run__join",
        6: "run__log_sync",
        9: "keras_callback__save_model",
        10: "langchain_tracer",
        17: "keras_callback",
        18: "run__define_metric_best_goal",
        19: "run__finish_quiet",
        21: "run__get_url",
        22: "run__project_name",
        23: "run__get_project_url",
        24: "run__get_sweep_url",
        28: "beta__workflows__log_model",
        29: "beta__workflows__use_model",
        30: "beta__workflows__link_model",
    },
    "env": {
        5: "start_spawn",
        6: "start_fork",
        7: "start_forkserver",
        8: "start_thread",
        9: "maybe_mp",
    },
    "feature": {
        23: "service",
        45: "service_disabled",
        48: "importer_mlflow",
        55: "core",
    },
    "imports_finish": {
        55: "asyncio",
    },
    "imports_init": {
        55: "asyncio",
    },
}
