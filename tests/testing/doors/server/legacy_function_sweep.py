"""A legacy program that is a sweep of its own: its agent calls the function that trains."""

import wandb
from legacy_train import train

SWEEP = {
    "method": "grid",
    "metric": {"name": "val_loss", "goal": "minimize"},
    "parameters": {"lr": {"values": [0.001, 0.1, 0.01]}},
}

if __name__ == "__main__":
    sweep_id = wandb.sweep(SWEEP, project="tuning")
    wandb.agent(sweep_id, function=train, project="tuning")
    print("BEST", wandb.Api().sweep(f"local/tuning/{sweep_id}").best_run().id, flush=True)
