"""The learning rate of an optimizer of any Keras."""

from __future__ import annotations

from typing import Any


def learning_rate(optimizer: Any, step: int) -> float:
    """The optimizer's learning rate as a number, fixed or scheduled.

    ``optimizer.learning_rate`` is a variable or tensor on most optimizers (already the scheduled value), the
    schedule itself on Keras 2's legacy optimizers (all of them before TensorFlow 2.11), and whatever the
    author chose on a custom one. No installed wandb reads all of these: up to 0.17.5 at least, Keras 3's
    variables are taken for schedules, and on every version a plain number is an error.

    Args:
        optimizer: the model's optimizer.
        step: number of optimizer updates done, only asked by a schedule.

    Raises:
        Exception: whatever reading or evaluating the rate raises; the caller turns it into a warning.
    """
    rate = optimizer.learning_rate
    if callable(rate) and not hasattr(rate, "shape"):
        rate = rate(step)
    if hasattr(rate, "detach"):  # a tensor of torch, whose numpy() refuses one that is elsewhere than on the CPU
        return float(rate.detach())
    return float(rate.numpy() if hasattr(rate, "numpy") else rate)
