"""Axes of the program around the training: its form, and how it is started."""

from __future__ import annotations

from .axis import Axis, Value

#: The ``program``: DATA, MODEL, OUTSIDE, BEFORE and FIT are put in; MORE is for further arguments of fit, INIT is what starts the run.
RUN: Axis = {
    "script": Value("top to bottom", {"program": "DATA\nOUTSIDE\nINIT\nMODEL\nBEFORE\nFIT(epochs=2)\nwandb.finish()"}),
    "main": Value(
        "in a function",
        {
            "program": "DATA\nOUTSIDE\n\ndef main():\n    INIT\n    MODEL\n    BEFORE\n    FIT(epochs=2)\n    wandb.finish()\n\n\nmain()"
        },
    ),
    "with": Value("with wandb.init()", {"program": "DATA\nOUTSIDE\nMODEL\nwith INIT:\n    BEFORE\n    FIT(epochs=2)"}),
    "twice": Value(
        "two fits, the second with initial_epoch",
        {
            "program": "DATA\nOUTSIDE\nINIT\nMODEL\nBEFORE\nFIT(epochs=1)\nFIT(epochs=2, initial_epoch=1)\nwandb.finish()"
        },
    ),
    "trials": Value(
        "a run for each trial",
        {
            "program": "DATA\nOUTSIDE\nfor trial in range(2):\n    INIT\n    MODEL\n    BEFORE\n    FIT(epochs=1)\n    wandb.finish()"
        },
    ),
    "own logs": Value(
        "wandb.log before and evaluate after",
        {
            "program": 'DATA\nOUTSIDE\nINIT\nMODEL\nwandb.log({"samples": 12})\nBEFORE\nFIT(epochs=2)\n'
            'wandb.log({"evaluated": 1.0})\nwandb.run.summary["done"] = True\nwandb.finish()'
        },
    ),
    "thread": Value(
        "in a thread",
        {
            "program": "DATA\nOUTSIDE\nMODEL\nINIT\n\ndef train():\n    BEFORE\n    FIT(epochs=2)\n\n\n"
            "worker = threading.Thread(target=train)\nworker.start()\nworker.join()\nwandb.finish()"
        },
    ),
    "quiet": Value(
        "verbose=2", {"program": "DATA\nOUTSIDE\nINIT\nMODEL\nBEFORE\nFIT(epochs=2, verbose=2)\nwandb.finish()"}
    ),
}

#: How the program is started where the real class is not there.
START: Axis = {
    "run": Value("python -m wandb_keras_compat run"),
    "install": Value("wandb_keras_compat.install() as its first line"),
    "notebook": Value("a notebook that begins with %load_ext wandb_keras_compat"),
}
