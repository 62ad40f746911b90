"""Reading back what a run sent to W&B. Nothing in here imports Keras or the callback's features."""
