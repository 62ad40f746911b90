"""The table of capabilities by backend, made from what the backends declare that they do not have.

``python -m wandb_keras_compat.backends.capabilities`` prints it as Markdown; no framework is imported for it.
"""

from __future__ import annotations

from .jax.holes import HOLES as OF_JAX
from .protocol import Hole
from .tensorflow.holes import HOLES as OF_TENSORFLOW
from .torch.holes import HOLES as OF_TORCH

#: In the order of ``features.REGISTRY``, and what belongs to no single feature.
CAPABILITIES = (
    "flops",
    "graph",
    "weights",
    "gradients",
    "examples",
    "evaluation",
    "metrics",
    "best",
    "checkpoint",
    "several workers",
)

BACKENDS: dict[str, tuple[Hole, ...]] = {"TensorFlow": OF_TENSORFLOW, "JAX": OF_JAX, "PyTorch": OF_TORCH}


def table() -> str:
    """The table and its notes, as Markdown."""
    notes: list[str] = []
    lines = [f"| capability | {' | '.join(BACKENDS)} |", f"|---|{'---|' * len(BACKENDS)}"]
    for capability in CAPABILITIES:
        cells = []
        for declared in BACKENDS.values():
            marks = [_number(notes, hole) for hole in declared if hole.capability == capability]
            cells.append("yes" if not marks else "but " + ", ".join(f"[{mark}]" for mark in marks))
        lines.append(f"| {capability} | {' | '.join(cells)} |")
    lines.append("")
    lines += [f"[{number}] {note}" for number, note in enumerate(notes, 1)]
    return "\n".join(lines) + "\n"


def _number(notes: list[str], hole: Hole) -> int:
    note = f"No {hole.lost}: {hole.reason}. {hole.instead}."
    if note not in notes:
        notes.append(note)
    return notes.index(note) + 1


if __name__ == "__main__":
    print(table(), end="")
