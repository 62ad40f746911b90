"""The kinds of files that are read and edited: Python, notebooks, YAML."""
