"""Files in the folder of a run, and the names of artifacts."""

from __future__ import annotations

import glob
import os
from typing import Any

import wandb
from packaging.version import Version

from .. import versions


def publish_file(run: Any, path: str) -> None:
    """Has the file *path*, directly in the folder of *run*, uploaded as it is now; to be called after each change.

    With the policy ``live`` alone wandb uploads a change a minute after the last one at the earliest, and up to wandb
    0.17 only if the file has grown by a fifth: after a killed process the server had the model of an old epoch.

    wandb 0.16.5 makes a link to itself of a file that is there already, which destroys it; given a folder that does
    not exist, it finds nothing to link and registers the name all the same. In the others the folder keeps
    ``run.save`` from looking in, and linking to, the working directory.
    """
    folder, name = os.path.split(path)
    if versions.installed("wandb") == Version("0.16.5"):
        folder = os.path.join(folder, "wandb-save-links-nothing-here")
    run.save(glob.escape(os.path.join(folder, name)), base_path=folder, policy="live")


def artifact_name(name: str) -> str:
    """*name* with every character an artifact name cannot have replaced by ``_``."""
    safe: str = wandb.util.make_artifact_name_safe(name)
    return safe
