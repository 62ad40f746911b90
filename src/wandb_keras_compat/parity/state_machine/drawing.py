"""What plays are drawn with: hypothesis, which the extra ``parity`` brings.

The one place that imports it, so that where it is missing the error says how to get it. The libraries that judging a
play needs are asked for here, too: without them the first play would be drawn, trained, and lost.
"""

from __future__ import annotations

from ... import messages

try:
    import jsonschema as _jsonschema  # noqa: F401
    import ruamel.yaml as _ruamel_yaml  # noqa: F401
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis import strategies as st
except ModuleNotFoundError as _error:
    if (_error.name or "").partition(".")[0] not in {"hypothesis", "jsonschema", "ruamel"}:
        raise
    _sentence = messages.extra_is_missing("wandb_keras_compat.parity.state_machine", str(_error.name), "parity")
    raise ModuleNotFoundError(_sentence, name=_error.name) from None

__all__ = ["HealthCheck", "Phase", "given", "seed", "settings", "st"]
