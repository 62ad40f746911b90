"""Programs one after the other in one process, each as if it had been started: most of a small one is loading Keras.

    python -m wandb_keras_compat run STARTED PROGRAM...       python STARTED PROGRAM...

STARTED is this file. Prints a line of JSON for each PROGRAM, a path: ``program`` and ``ended``, the traceback of what
ended it or nothing. Imports nothing of the package, since without the hook the program is to meet the installed wandb.
"""

import json
import os
import runpy
import sys
import traceback


def main(*programs: str) -> None:
    for number, program in enumerate(programs):
        here = os.path.abspath(f"started-{number}")  # each has a folder of its own
        os.makedirs(here)
        before = os.getcwd()
        os.chdir(here)
        print(json.dumps({"program": program, "ended": ended(program)}), flush=True)
        os.chdir(before)


def ended(program: str) -> str:
    """How *program* ended, if not well; its run is finished in any case."""
    arguments, sys.argv = sys.argv, [program]
    try:
        runpy.run_path(program, run_name="__main__")
    except SystemExit as error:
        return f"SystemExit: {error.code}" if error.code else ""
    except BaseException:
        return traceback.format_exc()
    finally:
        sys.argv = arguments
        if "wandb" in sys.modules:
            sys.modules["wandb"].finish()
    return ""


if __name__ == "__main__":
    main(*map(os.path.abspath, sys.argv[1:]))
