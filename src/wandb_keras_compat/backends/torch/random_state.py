"""PyTorch's random generators of the process: snapshots, and putting them back.

Predicting, iterating a ``DataLoader`` and layers of the user's own draw from them.
"""

from __future__ import annotations

from typing import Any

import torch


def torch_random_state() -> tuple[Any, Any, Any]:
    """The states of the generators of the CPU, of all CUDA devices in use, and of MPS; None for what is not in use."""
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() and torch.cuda.is_initialized() else None
    mps = torch.mps.get_rng_state() if torch.backends.mps.is_available() else None
    return torch.get_rng_state(), cuda, mps


def restore_torch_random_state(state: tuple[Any, Any, Any]) -> None:
    """Puts a snapshot of :func:`torch_random_state` back."""
    cpu, cuda, mps = state
    torch.set_rng_state(cpu)
    if cuda is not None:
        torch.cuda.set_rng_state_all(cuda)
    if mps is not None:
        torch.mps.set_rng_state(mps)
