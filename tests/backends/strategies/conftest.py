"""Strategies are TensorFlow's."""

from __future__ import annotations

import pytest

pytest.importorskip("tensorflow", reason="strategies are TensorFlow's, which is not installed")
