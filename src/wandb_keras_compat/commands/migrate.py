"""The ``migrate`` subcommand: the codemods, if their extra is installed."""

from __future__ import annotations

import click

try:
    from wandb_keras_codemods.cli import migrate
except ModuleNotFoundError as _error:
    if _error.name is None or _error.name.partition(".")[0] not in {"libcst", "pathspec", "ruamel", "rich"}:
        raise
    _missing = _error.name

    @click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    @click.pass_context
    def migrate(context: click.Context, /, **_: object) -> None:
        """Move code off W&B's legacy Keras callback (needs the extra "codemods")."""
        click.echo(
            f"migrate needs {_missing}, which is not installed: pip install 'wandb-keras-compat[codemods]'", err=True
        )
        context.exit(2)


__all__ = ["migrate"]
