"""The command line, one module per command in :mod:`wandb_keras_compat.commands`, imported when it is asked for."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from . import __version__
from .commands import Handover
from .commands.io import SETTINGS, fail_with_nearest

_PACKAGE = __name__.rpartition(".")[0]

# What the overview says of each command, so that writing the overview imports none of them.
_COMMANDS: Mapping[str, str] = {
    "run": "Run an unmodified program with wandb.keras and the legacy names provided.",
    "migrate": "Rewrite code that uses wandb.keras: imports first, the callback itself if wanted.",
    "check": "Check that the callback logs here what the real legacy class logged.",
    "trace": "Record what a program sends to W&B, look at it, compare two such records.",
    "backend": "Run a W&B backend on this machine: no account, no network.",
    "doctor": "Say what is installed, how it is set up, and what to mend.",
    "demo": "Train on real handwritten digits with a legacy script: no account, no network.",
}


class Program(click.Group):
    """The group of commands; it finds a command by name and imports its module then."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        home = f"{_PACKAGE}.commands.{cmd_name}"
        try:
            command = getattr(import_module(home), cmd_name)
        except ModuleNotFoundError as error:
            if error.name != home:
                raise
            raise click.ClickException(f"the command {cmd_name!r} is not part of version {__version__}") from None
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        fail_with_nearest(ctx, args[0], _COMMANDS)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def main(self, *args: Any, **kwargs: Any) -> Any:
        # click expands wildcards itself on Windows; the arguments of a program that is run are not ours to expand.
        kwargs.setdefault("windows_expand_args", sys.argv[1:2] not in (["run"], ["trace"]))
        try:
            return super().main(*args, **kwargs)
        except Handover as handover:
            start = handover.start
        # Outside click, which would catch the program's KeyboardInterrupt, and outside the except clause, which
        # would show up as the context of the program's exceptions.
        return start()


@click.command(cls=Program, context_settings=SETTINGS)
@click.version_option(__version__, prog_name="wandb-keras-compat")
def main() -> None:
    """Keep code written for W&B's legacy Keras WandbCallback running.

    \b
      from wandb_keras_compat import WandbCallback          # one line edited, or
      python -m wandb_keras_compat run train.py --epochs 3  # nothing edited
      python -m wandb_keras_compat run --keras tf_keras train.py  # for Keras 2
      %load_ext wandb_keras_compat                          # in a notebook

    \b
    Exit codes, where a command does not state its own:
      0  nothing to do, or all equal
      1  something was found or changed
      2  an error, a wrong option among them

    \b
    The shell completes commands and options after (zsh, fish: their names):
      eval "$(_WANDB_KERAS_COMPAT_COMPLETE=bash_source wandb-keras-compat)"
    """
