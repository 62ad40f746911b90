"""WK003: imports of the module itself."""

from __future__ import annotations

import pytest

from ..tools import check_noop, check_transformed, reasons

S = "from wandb_keras_compat import WandbCallback\n"
FORMS = {
    "sole binder": ("import wandb.keras\nwandb.init()\n", "import wandb\nwandb.init()\n"),
    "beside import wandb": ("import os, wandb, wandb.keras\n", "import os, wandb\n"),
    "used": ("import wandb.keras\nx = wandb.keras.WandbCallback\n", f"import wandb\n{S}x = WandbCallback\n"),
    "alias, legacy": (
        "import wandb.keras as k\nx = k.WandbCallback\n",
        "import wandb_keras_compat as k\nx = k.WandbCallback\n",
    ),
    "alias, both": (
        "import wandb.keras as k\nx = k.WandbCallback, k.WandbMetricsLogger\n",
        "import wandb_keras_compat as k\nx = k.WandbCallback, k.WandbMetricsLogger\n",
    ),
    "alias, newer only": (
        "import wandb.keras as k\nx = k.WandbMetricsLogger\n",
        "import wandb_keras_compat as k\nx = k.WandbMetricsLogger\n",
    ),
    "alias, used otherwise too": (
        "import wandb.keras as k\nx = k.WandbCallback, vars(k)\n",
        f"import wandb.integration.keras as k\n{S}x = WandbCallback, vars(k)\n",
    ),
    "below import wandb": (
        "import wandb\nimport wandb.keras\nx = wandb.keras.WandbCallback\n",
        f"import wandb\n{S}x = WandbCallback\n",
    ),
    "above import wandb": (
        "import wandb.keras\nimport wandb\nx = wandb.keras.WandbCallback\n",
        f"import wandb\n{S}x = WandbCallback\n",
    ),
    "three, tabs, other line ends": (
        "if x:\r\n\timport wandb.wandb_keras\r\n\timport wandb\r\n\timport wandb.keras\r\n\twandb.init()\r\n",
        "if x:\r\n\timport wandb\r\n\twandb.init()\r\n",
    ),
    "at the end": ("import wandb\nimport wandb.keras", "import wandb"),
    "with a comment": (
        "import wandb  # one\nimport wandb.keras\nimport wandb  # two\n",
        "import wandb  # one\nimport wandb\nimport wandb  # two\n",
    ),
    "not side by side": (
        "import wandb\n\nimport wandb.keras\nif x:\n    import wandb\n",
        "import wandb\n\nimport wandb\nif x:\n    import wandb\n",
    ),
    "twice already": (
        "import wandb\nimport wandb\nx = wandb.keras.WandbCallback\n",
        f"import wandb\n{S}import wandb\nx = WandbCallback\n",
    ),
    "beside another module": ("import wandb\nimport wandb.keras, os\n", "import wandb\nimport wandb, os\n"),
    "of another name": ("import wandb as w\nimport wandb.keras\n", "import wandb as w\nimport wandb\n"),
    "from wandb": (
        "from wandb import keras\nx = keras.WandbCallback\n",
        "import wandb_keras_compat as keras\nx = keras.WandbCallback\n",
    ),
    "from wandb, alias": (
        "from wandb import keras as wandbkeras\nx = wandbkeras.WandbCallback\n",
        "import wandb_keras_compat as wandbkeras\nx = wandbkeras.WandbCallback\n",
    ),
    "from wandb, several": (
        "from wandb import (config, keras, util)  # all\nx = keras.WandbCallback\n",
        "from wandb import (config, util)  # all\nimport wandb_keras_compat as keras\nx = keras.WandbCallback\n",
    ),
    "from wandb, newer only": (
        "from wandb import keras\nx = keras.WandbMetricsLogger\n",
        "import wandb_keras_compat as keras\nx = keras.WandbMetricsLogger\n",
    ),
    "from wandb.integration": (
        "from wandb.integration import keras as wandb_keras\nx = wandb_keras.WandbCallback\n",
        "import wandb_keras_compat as wandb_keras\nx = wandb_keras.WandbCallback\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), FORMS.values(), ids=FORMS)
def test_form(before: str, after: str) -> None:
    """Each module import becomes one that exists."""
    check_transformed(before, after)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("from wandb import keras\nkeras.models.load_model(1)\n", "if Keras itself was meant"),
        ("from wandb import keras\nkeras.models.load_model(keras.WandbCallback)\n", "if Keras itself was meant"),
        ("from wandb import keras\n", "never used here"),
    ],
)
def test_probably_not_our_keras(text: str, why: str) -> None:
    """An editor's automatic import is reported, not guessed at."""
    assert why in reasons(check_noop(text))


@pytest.mark.parametrize(
    "text",
    [
        "import wandb.integration.keras as k\nx = k.WandbMetricsLogger\n",
        "from wandb.integration import keras\nx = keras.WandbMetricsLogger\n",
        "import wandb.sdk\nfrom tensorflow import keras\nx = keras.WandbCallback\n",
    ],
)
def test_what_stays(text: str) -> None:
    """Modules that are still there."""
    check_noop(text)
