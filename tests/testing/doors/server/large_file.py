"""Logs a file of two gibibytes, which the SDK sends in parts: ``large_file.py``, by wandb from 0.15.9 on.

Prints its MD5. The file is sparse, with a few bytes in every part that tell it from the others.
"""

from __future__ import annotations

import base64
import hashlib
import inspect

import wandb

from wandb_keras_compat.testing.doors.server.settings import fast_settings

SIZE = 2 * 1024**3 + 64  # from 2 GiB on it comes in parts
STEP = 64 * 1024**2


def make(path):
    with open(path, "wb") as file:
        for place in range(0, SIZE, STEP):
            file.seek(place)
            file.write(str(place).encode())
        file.seek(SIZE - 4)
        file.write(b"last")


def main():
    if tuple(int(part) for part in wandb.__version__.split(".")[:3]) < (0, 15, 9):
        print("is in one piece", flush=True)
        return
    make("large.bin")
    run = wandb.init(project="large", settings=wandb.Settings(**fast_settings()))
    artifact = wandb.Artifact("large", type="model")
    known = inspect.signature(artifact.add_file).parameters
    cheap = {"policy": "immutable", "skip_cache": True}  # no copy of it, where this wandb knows how
    artifact.add_file("large.bin", **{name: value for name, value in cheap.items() if name in known})
    run.log_artifact(artifact).wait()
    run.finish()
    with open("large.bin", "rb") as file:
        digest = hashlib.md5()
        while part := file.read(STEP):
            digest.update(part)
    print("SAID", base64.b64encode(digest.digest()).decode(), flush=True)


if __name__ == "__main__":
    main()
