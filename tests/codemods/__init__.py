"""Tests of the codemods: skipped as a whole where their extra, or what their tests need, is not installed."""

from importlib.util import find_spec

# Looked up, not imported: a process that a test starts imports this package, and these take more than a second.
for _name in ("libcst", "pathspec", "ruamel", "ruamel.yaml", "nbformat", "jsonschema", "hypothesmith"):
    if find_spec(_name) is None:
        import pytest

        pytest.skip(f"the codemods' tests need {_name}: install the extras codemods and dev", allow_module_level=True)
