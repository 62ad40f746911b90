"""Makes ``tools`` importable from the tests, and sets the hypothesis profiles."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile("codemods", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile(
    "codemods-deep", parent=settings.get_profile("codemods"), max_examples=2000
)
settings.load_profile(os.environ.get("CODEMODS_HYPOTHESIS_PROFILE", "codemods"))
