"""What legacy code overrides asks its feature with what it was given, and with the legacy defaults."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock, call

import pytest

from wandb_keras_compat.feature_callbacks.override_points import OverridePoints


class Called(OverridePoints):
    """Override points whose features note what they are asked."""

    _features: Any = None

    def __init__(self) -> None:
        self._features = Mock()


@pytest.mark.parametrize(
    ("method", "given", "asked"),
    [
        ("_log_images", (), call.examples.images(36)),
        ("_log_images", (2,), call.examples.images(2)),
        ("_logits_to_captions", ("logits",), call.examples.captions("logits")),
        ("_masks_to_pixels", ("masks",), call.examples.pixels("masks")),
        ("_save_model", (3,), call.checkpoint.save_h5(3)),
        ("_save_model_as_artifact", (3,), call.checkpoint.log_artifact(3)),
        ("_attempt_evaluation_log", (), call.evaluation.log_predictions(True)),
        ("_attempt_evaluation_log", (False,), call.evaluation.log_predictions(False)),
        ("_log_weights", (), call.weights.histograms()),
        ("_log_gradients", (), call.gradients.histograms()),
    ],
)
def test_each_asks_its_feature(method: str, given: tuple[Any, ...], asked: Any) -> None:
    called = Called()
    getattr(called, method)(*given)
    assert called._features.mock_calls == [asked]


@pytest.mark.parametrize(
    ("method", "given", "feature"),
    [
        ("_log_images", (), "examples.images"),
        ("_logits_to_captions", ("logits",), "examples.captions"),
        ("_masks_to_pixels", ("masks",), "examples.pixels"),
        ("_log_weights", (), "weights.histograms"),
        ("_log_gradients", (), "gradients.histograms"),
    ],
)
def test_what_the_feature_made_is_returned(method: str, given: tuple[Any, ...], feature: str) -> None:
    called = Called()
    called._features.configure_mock(**{f"{feature}.return_value": "made"})
    assert getattr(called, method)(*given) == "made"
