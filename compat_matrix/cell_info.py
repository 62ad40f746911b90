"""Run by a cell's interpreter: prints as JSON which versions are installed, and whether the legacy class is there.

Imports nothing but what every cell has and the package itself.
"""

import json
import platform
import sys
import traceback
from importlib import metadata


def legacy_class() -> str:
    """Empty where the installed wandb still has the class, else why it cannot be imported."""
    try:
        from wandb.integration.keras.keras import WandbCallback  # noqa: F401
    except Exception:
        return traceback.format_exc()
    return ""


def main() -> None:
    import tensorflow as tf
    import wandb

    from wandb_keras_compat.versions import keras_version

    distributions = {item.metadata["Name"]: item.version for item in metadata.distributions()}
    print()
    print(
        json.dumps(
            {
                "python": platform.python_version(),
                "tensorflow": tf.__version__,
                "keras": keras_version(),
                "wandb": wandb.__version__,
                "numpy": metadata.version("numpy"),
                "platform": f"{sys.platform} {platform.machine()}",
                "distributions": dict(sorted(distributions.items())),
                "legacy_class": legacy_class(),
            }
        )
    )


if __name__ == "__main__":
    main()
