"""Runs a program in this process, hook installed, as Python does for ``python SCRIPT`` and ``python -m MODULE``.

:mod:`runpy` is not used because it runs the program in a module that is gone when the program's last line is done
(threads and atexit functions still need it), and because its frames would show in the program's tracebacks.
"""

from __future__ import annotations

import builtins
import importlib.util
import io
import os
import pkgutil
import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec, SourceFileLoader, SourcelessFileLoader
from types import CodeType, ModuleType, TracebackType
from typing import Any, NoReturn

from ...hook import install
from .error_report import say_what_would_help
from .multiprocessing_children import hand_down

_NAME = "python -m wandb_keras_compat run"


def run_path(script: str, arguments: list[str], keras: str | None = None) -> None:
    """Run a script, a folder or zip file holding ``__main__.py``, or standard input (``-``).

    Raises:
        SystemExit: with 2 when ``script`` cannot be opened; or the program's own.
    """
    sys.argv[:] = [script, *arguments]
    if script == "-":
        _set_first_path("")
        _run(lambda: (_fresh_main(), _compile(sys.stdin.buffer.read(), "<stdin>")), keras, [script, *arguments])
    elif pkgutil.get_importer(script) is not None:
        _set_first_path(os.path.join(os.getcwd(), script), always=True)
        _run(lambda: _main_of_spec(_spec_in(script)), keras, [script, *arguments])
    else:
        _set_first_path(os.path.dirname(os.path.realpath(script)))
        path = os.path.join(os.getcwd(), script)  # not normalised: python does not either
        content = _read(path)
        _run(lambda: _main_of_script(path, content), keras, [script, *arguments])


def run_module(name: str, arguments: list[str], keras: str | None = None) -> None:
    """Run a module, or the ``__main__`` of a package, by its name.

    Raises:
        SystemExit: with a sentence (exit code 1) when there is no such module; or the program's own.
    """
    sys.argv[:] = ["-m", *arguments]
    _set_first_path(os.getcwd())

    def load() -> tuple[ModuleType, CodeType]:
        main, code = _main_of_spec(_find(name))
        sys.argv[0] = main.__file__ or name
        return main, code

    _run(load, keras, ["-m", name, *arguments])


def _run(load: Callable[[], tuple[ModuleType, CodeType]], keras: str | None, command: list[str]) -> None:
    _install(keras)
    hand_down(command)
    try:
        main, code = load()
        sys.modules["__main__"] = main
        exec(code, vars(main))  # noqa: S102 - the program is the user's own; what import and python would do with it
    except SystemExit:
        raise
    except BaseException:
        _report_without_our_frames(command)
        raise


def _install(keras: str | None) -> None:
    try:
        install(keras)
    except RuntimeError as error:  # keras cannot be chosen
        print(f"{_NAME}: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def _report_without_our_frames(command: list[str]) -> None:
    """Remove our frames from the traceback of the exception that the interpreter is about to report.

    The interpreter does the reporting: it knows what to do when a sys.excepthook fails, and that a process ended by
    KeyboardInterrupt has to die of SIGINT.

    Args:
        command: what stood after ``run``.
    """
    hook = sys.excepthook

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.excepthook = hook
        while trace is not None and _is_ours(trace):
            trace = trace.tb_next
        error.__traceback__ = sys.last_traceback = trace
        hook(kind, error, trace)
        if isinstance(error, Exception):  # what comes of Ctrl-C is left alone
            say_what_would_help(error, command)

    sys.excepthook = report


def _is_ours(trace: TracebackType) -> bool:
    module = str(trace.tb_frame.f_globals.get("__name__", ""))
    path = trace.tb_frame.f_code.co_filename
    above = (__name__.partition(".")[0], "click", "importlib")
    return (
        module.partition(".")[0] in above
        or path.startswith(("<frozen runpy", "<frozen importlib"))
        or trace.tb_frame.f_globals is _OUR_MAIN
        or os.path.basename(path) == "runpy.py"
    )


# The frame below all others belongs to the __main__ that was there first: our __main__.py or the console script.
_OUR_MAIN = vars(sys.modules["__main__"])


def _set_first_path(path: str, *, always: bool = False) -> None:
    """Put ``path`` where python puts the folder of the script, in place of what it put there for us."""
    entered = not (getattr(sys.flags, "safe_path", False) or sys.flags.isolated)
    if entered:
        sys.path[0] = path
    elif always:
        sys.path.insert(0, path)


def _read(path: str) -> bytes:
    try:
        with io.open_code(path) as file:
            return file.read()
    except OSError as error:
        print(f"{_NAME}: can't open file {path!r}: [Errno {error.errno}] {error.strerror}", file=sys.stderr)
        raise SystemExit(2) from None


def _compile(source: bytes, path: str) -> CodeType:
    code: CodeType = compile(source, path, "exec", dont_inherit=True)
    return code


def _fresh_main() -> ModuleType:
    """A ``__main__`` module as the interpreter makes it for a script."""
    main = ModuleType("__main__")
    attributes: dict[str, Any] = {"__builtins__": builtins}
    if sys.version_info < (3, 14):
        attributes["__annotations__"] = {}
    vars(main).update(attributes)
    return main


def _main_of_script(path: str, content: bytes) -> tuple[ModuleType, CodeType]:
    main = _fresh_main()
    main.__file__ = path
    vars(main)["__cached__"] = None
    if path.endswith(".pyc"):
        compiled = SourcelessFileLoader("__main__", path)
        main.__loader__ = compiled
        code = compiled.get_code("__main__")
        assert code is not None  # it raises ImportError instead
        return main, code
    main.__loader__ = SourceFileLoader("__main__", path)
    return main, _compile(content, path)


def _spec_in(container: str) -> ModuleSpec:
    """The spec of ``__main__`` in a folder or zip file; only there, whatever else is on sys.path."""
    container = os.path.join(os.getcwd(), container)
    importer = pkgutil.get_importer(container)
    spec = importer.find_spec("__main__") if importer is not None else None
    if spec is None:
        _stop(f"can't find '__main__' module in {container!r}")
    return spec


def _find(name: str) -> ModuleSpec:
    """The spec to execute for ``-m name``; imports the parent packages, as python does."""
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError as error:
        # A parent that is missing is the user's mistake; a parent that fails to import something is not.
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise
        _stop(f"Error while finding module specification for {name!r} (ModuleNotFoundError: {error})")
    except ValueError:
        spec = None
    if spec is None:
        _stop(f"No module named {name}")
    if spec.submodule_search_locations is None:
        return spec
    if name.endswith(".__main__"):
        _stop("Cannot use package as __main__ module")
    inside = importlib.util.find_spec(f"{name}.__main__")
    if inside is None:
        _stop(f"No module named {name}.__main__; {name!r} is a package and cannot be directly executed")
    return inside


def _main_of_spec(spec: ModuleSpec) -> tuple[ModuleType, CodeType]:
    loader: Any = spec.loader
    get_code = getattr(loader, "get_code", None)
    code: CodeType | None = get_code(spec.name) if get_code is not None else None
    if code is None:
        _stop(f"No code object available for {spec.name}")
    main = _fresh_main()
    main.__file__ = spec.origin
    main.__spec__ = spec
    main.__loader__ = loader
    main.__package__ = spec.parent
    vars(main)["__cached__"] = spec.cached
    return main, code


def _stop(sentence: str) -> NoReturn:
    raise SystemExit(f"{_NAME}: {sentence}")
