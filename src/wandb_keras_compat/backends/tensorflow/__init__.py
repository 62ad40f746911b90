"""Keras 2 and Keras 3 on TensorFlow: the one room that imports TensorFlow."""
