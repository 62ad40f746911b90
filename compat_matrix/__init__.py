"""The compatibility matrix: which versions the package was run with, and what came of it.

    python -m compat_matrix --help

``matrix.toml`` is the data; ``README.md`` says how to add a release.
"""
