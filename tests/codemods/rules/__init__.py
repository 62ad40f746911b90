"""Tests of the codemods."""
