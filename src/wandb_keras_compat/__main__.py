"""``python -m wandb_keras_compat``."""

from .cli import main

if __name__ == "__main__":
    main(prog_name="python -m wandb_keras_compat")
