"""A run that publishes a file of its own folder twice, as a program: run by any Python that has wandb and numpy."""

from __future__ import annotations

import os
from pathlib import Path

import wandb

from wandb_keras_compat.sdk.files import publish_file

run = wandb.init(mode="offline", project="published", settings=wandb.Settings(console="off"))
path = Path(run.dir, "model-best.h5")
for content in (b"first", b"second"):
    path.write_bytes(content)
    publish_file(run, str(path))
    assert not path.is_symlink() and path.read_bytes() == content, os.listdir(run.dir)
assert os.listdir(".") == ["wandb"], os.listdir(".")
run.finish()
