"""The TensorFlow backend, for Keras 2 and Keras 3: the only part of the package that imports TensorFlow."""
