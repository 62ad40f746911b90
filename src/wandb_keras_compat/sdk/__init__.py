"""All access to the installed wandb: its classes, its versions, and everything that is written to a run."""
