"""What the legacy ``WandbCallback`` does, as an executable model: plain Python, no Keras, no callback of W&B's.

It is written from the behaviour that was observed of the real class (the rules are named by the headings under which
that is kept: *epoch rows*, *batch rows*, *best*, *saving*, *weights*, *gradients*, *graph*, *examples*, *evaluation*,
*flops*), and is held to the real class wherever that runs. Each rule is in one place; where the ledger has a
difference between the real class and the shim, the model asks :meth:`.rules.Rules.differs` and can be either.
"""

from .callback import played

__all__ = ["played"]
