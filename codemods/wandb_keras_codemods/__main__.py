"""``python -m wandb_keras_codemods``: the command without the rest of the package (for pre-commit)."""

from .cli import migrate

if __name__ == "__main__":
    migrate(prog_name="python -m wandb_keras_codemods")
