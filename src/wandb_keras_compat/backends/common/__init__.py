"""What backends have in common: all that needs Keras alone, whatever framework computes for it."""
