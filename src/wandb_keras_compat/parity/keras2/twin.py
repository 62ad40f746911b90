"""The same program in the spelling of Keras 2.12, where the real class is and the older spelling is gone.

Each replacement is of a piece of a line and leaves the number of lines as it is; a program that has none is recorded as
it stands. What is recorded so is what the program meant, and the table says all that was done to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Replacement:
    """One spelling: *old* is a regular expression, *new* what stands for it in 2.12, *why* what 2.12 does with the old."""

    old: str
    new: str
    why: str


_GONE = "the module is gone since 2.6 to 2.9"
_LR = "optimizers made anew in 2.11 ignore lr and refuse decay; the legacy ones are those that knew both"

REPLACEMENTS = (
    Replacement(r"from keras\.layers\.(embeddings|recurrent|merge|advanced_activations|wrappers|normalization|noise|pooling|core|convolutional) import", "from keras.layers import", _GONE),
    Replacement(r"from keras\.engine\.topology import", "from keras.layers import", _GONE),
    Replacement(r"from keras\.preprocessing import sequence, text", "from tensorflow.keras.preprocessing import sequence, text", "pad_sequences is in tf.keras alone"),
    Replacement(r"from keras\.preprocessing\.sequence import pad_sequences", "from keras.utils import pad_sequences", "pad_sequences moved"),
    Replacement(r"(?<!\.)\bmaxnorm\b", "max_norm", "the short name is gone"),
    Replacement(r"from keras\.optimizers import", "from tensorflow.keras.optimizers.legacy import", _LR),
    Replacement(r"(?<!from )(keras\.)?optimizers\.(SGD|Adam|RMSprop|Nadam)\(", r"tf.keras.optimizers.legacy.\2(", _LR),
    Replacement(r"from tensorflow\.keras\.optimizers import", "from tensorflow.keras.optimizers.legacy import", "under the option the classes of both packages are the legacy ones"),
    Replacement(r"""optimizer=(["'])(sgd|adam|rmsprop|adadelta)\1""", r'optimizer=tf.keras.optimizers.get("\2", use_legacy_optimizer=True)', "a name means the new optimizer"),
    Replacement(r"optimizer=config\.optimizer\b", "optimizer=tf.keras.optimizers.get(config.optimizer, use_legacy_optimizer=True)", "a name means the new optimizer"),
    Replacement(r"model\.predict_classes\((\w+)\)", r"model.predict(\1).argmax(axis=-1)", "the method is gone since 2.6"),
    Replacement(r"model\.predict_proba\(", "model.predict(", "the method is gone since 2.6"),
    Replacement(r"\bCuDNNGRU\b", "GRU", "asks for a GPU; GRU is the same function"),
)  # fmt: skip


def twin(source: str) -> tuple[str, list[Replacement]]:
    """*source* in the spelling of Keras 2.12, and the replacements that it took."""
    used = []
    for each in REPLACEMENTS:
        source, count = re.subn(each.old, each.new, source)
        if count:
            used.append(each)
    return source, used
