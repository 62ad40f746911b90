"""Data as people hand it over, read with the standard library and NumPy alone."""
