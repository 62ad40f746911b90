"""``run``: installs the hook and runs the given program in this process."""

from __future__ import annotations

from functools import partial

import click

from ..hook.choices import KERAS_CHOICES
from . import Handover
from .program import exec_program


@click.command(context_settings={"allow_interspersed_args": False})
@click.option("-m", "as_module", is_flag=True, help="PROGRAM is the name of a module, as in python -m.")
@click.option(
    "--keras",
    type=click.Choice(KERAS_CHOICES),
    help="The Keras that PROGRAM was written for: tf_keras is Keras 2, which import keras and tf.keras then give.",
)
@click.argument("program", metavar="PROGRAM")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGS]...")
def run(as_module: bool, keras: str | None, program: str, arguments: tuple[str, ...]) -> None:
    """Run PROGRAM, unmodified, with wandb.keras and the legacy names provided.

    PROGRAM is what you would give to python: a script, a folder or zip file with a __main__.py, "-" for
    standard input, or with -m the name of a module. Everything after it belongs to the program, --help included.

    \b
      python -m wandb_keras_compat run train.py --epochs 3
      python -m wandb_keras_compat run -m my_project.train --epochs 3

    A program written for Keras 2 stops on a TensorFlow with Keras 3 before it trains. With --keras tf_keras its
    "import keras" and "tf.keras" give tf_keras, which is Keras 2 (pip install tf-keras, of TensorFlow's minor
    version), with the modules and names that have moved since Keras 2.0, the optimizers of 2.10, fit_generator,
    predict_classes and the CuDNN layers. tf_keras:2.2 also names metrics as Keras up to 2.2 did: acc for "accuracy".
    All Python processes that the program starts are given the same.

    \b
      python -m wandb_keras_compat run --keras tf_keras train.py --epochs 3

    The program sees what it would see under plain python: sys.argv, sys.path[0], __main__ and __file__; its
    output, traceback and exit code are its own. Processes it starts with multiprocessing (fork, spawn and
    forkserver) have the names too; a new interpreter it starts by command line does not, unless that command line
    goes through run as well, or --keras is given.

    \b
    Exit codes: those of the program;
      1  also when it ends in an exception or the module is not found
      2  the script cannot be opened, an option before PROGRAM is wrong, or
         --keras cannot be chosen here (one sentence says why, and what to
         install or leave out)
    """
    start = exec_program.run_module if as_module else exec_program.run_path
    raise Handover(partial(start, program, list(arguments), keras))
