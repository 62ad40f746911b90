"""A run in a recorder, as a program: run by any Python that has wandb and numpy."""

from __future__ import annotations

import os
import sys

import wandb

from wandb_keras_compat.testing.doors.recorder import Recorder

with Recorder() as recorder:
    run = recorder.start_run(id="one", config={"batch": 8})
    wandb.log({"loss": 0.5})
    artifact = wandb.Artifact("model", type="model")
    with artifact.new_file("weights.bin", mode="wb") as file:
        file.write(b"weights")
    run.log_artifact(artifact).wait()
    run.finish()
    resumed = recorder.start_run(id="one")
    wandb.log({"loss": 0.25})
    resumed.finish()
    seen = recorder.snapshot().run("one")

assert seen.history() == [{"loss": 0.5}, {"loss": 0.25}], seen.history()
assert seen.config() == {"batch": 8}, seen.config()
assert artifact.version == "v0", artifact.version

# What the recorder had for its time is gone with it: an artifact that is downloaded later goes where the program says.
caches = [
    cache
    for module in [*sys.modules.values()]
    if getattr(module, "__name__", "").startswith("wandb.")
    for name in ("_artifacts_cache", "_artifact_file_cache")
    if (cache := vars(module).get(name)) is not None
]
assert all(os.path.isdir(cache._cache_dir) for cache in caches), [cache._cache_dir for cache in caches]
