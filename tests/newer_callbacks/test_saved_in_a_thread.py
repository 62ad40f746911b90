"""A training in a thread leaves the files that it leaves elsewhere, however many it writes.

Keras 2.13 to 2.15 and tf-keras write HDF5 under the name ``.keras`` from the second file of a thread on, which Keras 3
does not load.
"""

from __future__ import annotations

import threading
import zipfile
from pathlib import Path

import pytest

from wandb_keras_compat.backends.checkpoints.model_checkpoint import WRITES_TENSORFLOW_FORMATS, ZIP_FORMAT
from wandb_keras_compat.newer_callbacks import WandbModelCheckpoint

from .conftest import Recorder, fit, small_model


@pytest.mark.parametrize("in_a_thread", [False, True])
def test_every_keras_file_is_a_zip(
    recorder: Recorder, in_a_thread: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def train() -> None:
        fit(small_model(), WandbModelCheckpoint("m-{epoch}.keras"), epochs=3)

    if in_a_thread:
        thread = threading.Thread(target=train)
        thread.start()
        thread.join()
    else:
        train()
    written = sorted(tmp_path.glob("*.keras"))
    assert [path.name for path in written] == ["m-1.keras", "m-2.keras", "m-3.keras"]
    if WRITES_TENSORFLOW_FORMATS and ZIP_FORMAT is None:  # Keras up to 2.12 has HDF5 under that name
        assert not any(map(zipfile.is_zipfile, written))
    else:
        assert all(map(zipfile.is_zipfile, written))
