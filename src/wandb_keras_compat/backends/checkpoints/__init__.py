"""The files that a checkpoint callback asks for, and the base class that such callbacks have in the Keras in use."""
