"""Tests of the codemods: skipped as a whole where their extra, or what their tests need, is not installed."""

import pytest

for _name in ("libcst", "pathspec", "ruamel.yaml", "nbformat", "jsonschema", "hypothesmith"):
    pytest.importorskip(_name, reason=f"the codemods' tests need {_name}: install the extras codemods and dev")
