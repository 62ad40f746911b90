"""Reads the kinds of data that users hand to ``fit`` and to the callback, with the standard library and NumPy only."""
