"""What the callback costs, as ratios measured in one process. ``python -m benchmarks`` from the repository root."""
