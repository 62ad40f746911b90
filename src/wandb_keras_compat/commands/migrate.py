"""The ``migrate`` subcommand: the codemods, if their extra is installed."""

from __future__ import annotations

import click

try:
    from wandb_keras_codemods.cli import migrate
except ModuleNotFoundError as _error:
    if _error.name is None or _error.name.partition(".")[0] not in {"libcst", "pathspec", "ruamel", "rich"}:
        raise
    from .. import messages

    _sentence = messages.extra_is_missing("migrate", _error.name, "codemods")

    @click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    @click.pass_context
    def migrate(context: click.Context, /, **_: object) -> None:
        """Move code off W&B's legacy Keras callback (needs the extra "codemods")."""
        click.echo(_sentence, err=True)
        context.exit(2)


__all__ = ["migrate"]
