"""Records what the real legacy class says of each model in :mod:`models`: gradients, graph, GFLOPs.

    python -m wandb_keras_compat.parity.record_oracle [--check]

Runs only where the installed wandb still has the class and it works (see the header of the file it
writes). ``--check`` records again and demands equality instead of writing.
"""

from __future__ import annotations

import json
import os
import pathlib
import sys
import tempfile
from typing import Any

GOLDEN = pathlib.Path(__file__).parent / "goldens" / "models.json"


def record() -> dict[str, Any]:
    os.environ.setdefault("WANDB_MODE", "offline")
    import numpy as np
    import tensorflow as tf
    import wandb
    from wandb.integration.keras.keras import WandbCallback as Oracle

    from .models import CASES, SAMPLES

    entries = {}
    with tempfile.TemporaryDirectory() as folder:
        run = wandb.init(project="oracle", dir=folder, mode="offline")
        for name, case in CASES.items():
            x, y = case.data()
            tf.keras.backend.clear_session()  # automatic names count from the start
            model = case.compiled()
            # One batch in fit's own terms: the oracle shuffles, and sums over batches.
            assert SAMPLES <= 32
            oracle = Oracle(save_model=False, log_gradients=True, training_data=(x, y))
            oracle.set_model(model)
            oracle._log_gradients()
            names = [v.name.split(":")[0] for v in model.trainable_variables]
            graph = wandb.Graph.from_keras(model)._to_graph_json()
            graph["nodes"] = [node._attributes if hasattr(node, "_attributes") else node for node in graph["nodes"]]
            entries[name] = {
                "gradients": {
                    n: np.asarray(g).tolist() for n, g in zip(names, oracle._grad_accumulator_callback.grads)
                },
                "graph": json.loads(json.dumps(graph)),
                "GFLOPs": oracle.get_flops(),
            }
        run.finish()
    return {
        "recorded by": "python -m wandb_keras_compat.parity.record_oracle",
        "versions": {
            "python": ".".join(map(str, sys.version_info[:3])),
            "tensorflow": tf.__version__,
            "wandb": wandb.__version__,
            "numpy": np.__version__,
        },
        "models": entries,
    }


def agree(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Whether two records hold the same: exactly, but for the rounding of sums in gradients.

    The oracle shuffles within its one batch, so its sums come out in another order each time.
    """
    import numpy as np

    if old.keys() != new.keys():
        return False
    for name, entry in old.items():
        other = new[name]
        if entry["graph"] != other["graph"] or entry["GFLOPs"] != other["GFLOPs"]:
            return False
        if entry["gradients"].keys() != other["gradients"].keys():
            return False
        scale = max(np.abs(values).max() for values in entry["gradients"].values())
        for key, values in entry["gradients"].items():
            if np.abs(np.subtract(values, other["gradients"][key])).max(initial=0.0) > 2e-6 * scale:
                return False
    return True


def main() -> int:
    found = record()
    if "--check" not in sys.argv:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        print(f"wrote {GOLDEN.name}: {len(found['models'])} models, {found['versions']}")
        return 0
    same = agree(json.loads(GOLDEN.read_text(encoding="utf-8"))["models"], json.loads(json.dumps(found["models"])))
    print("the golden is what this environment records" if same else "the golden differs from what was recorded now")
    return 0 if same else 1


if __name__ == "__main__":
    raise SystemExit(main())
