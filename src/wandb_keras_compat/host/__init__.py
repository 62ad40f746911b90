"""Runs the features of a callback: calls them, catches their errors, keeps random state and copies apart."""
