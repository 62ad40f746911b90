"""Imported by every Python that a program with ``keras="tf_keras"`` starts: installs the hook there as well.

This folder is first on the PYTHONPATH that such a program hands down. The sitecustomize that would have been found
without it is run too.
"""

import os
import sys


def _next() -> None:
    """Runs the environment's own sitecustomize, if it has one."""
    from importlib.machinery import PathFinder

    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != here]
    spec = PathFinder.find_spec(__name__)
    if spec is not None and spec.loader is not None:
        from importlib.util import module_from_spec

        module = module_from_spec(spec)
        sys.modules[__name__] = module
        spec.loader.exec_module(module)


def _install() -> None:
    """Installs the hook, if this interpreter has the package and what it needs; another environment may not."""
    try:
        from wandb_keras_compat.hook import install

        install()
    except (ImportError, RuntimeError):
        pass


try:
    _next()
finally:
    if os.environ.get("WANDB_KERAS_COMPAT_KERAS"):
        _install()
