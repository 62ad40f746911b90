"""The Keras callbacks that hand their hooks to features: what the legacy class and the small callbacks share."""
