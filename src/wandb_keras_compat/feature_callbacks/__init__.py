"""The base classes of the legacy callback and the small ones: Keras callbacks that call features in their hooks."""
