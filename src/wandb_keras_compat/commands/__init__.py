"""The subcommands of ``wandb-keras-compat``, one module each."""
