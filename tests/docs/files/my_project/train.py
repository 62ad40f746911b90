import argparse

import wandb

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=1)
arguments = parser.parse_args()
assert hasattr(wandb, "keras")  # looked up, as the program's own import would be
print(f"trained for {arguments.epochs} epochs")
