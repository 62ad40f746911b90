"""Runs a user's program, and the processes it starts, with the hook; adds a hint to errors that come of Keras 3."""
