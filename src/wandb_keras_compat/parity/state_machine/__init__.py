"""The differential machine: plays drawn by hypothesis, fed event by event to the real class, the shim and the model."""
