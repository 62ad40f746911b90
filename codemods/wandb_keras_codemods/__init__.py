"""Codemods that move code off the legacy Keras callback (not written yet: this is the package they go in)."""
