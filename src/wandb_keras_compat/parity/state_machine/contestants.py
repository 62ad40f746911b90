"""The two recorded contestants, the real class and the shim: a play goes in, what each event sent comes out."""

from __future__ import annotations

import contextlib
import functools
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest import mock

import wandb

from ... import versions
from ...testing.doors.recorder import Recorder
from ...testing.trace.canonical import is_number, number
from ...testing.trace.normalize import trace_of
from . import data, saving
from .data import Samples
from .events import Batch, EpochEnd, Event, FitRaises, NewRun, Play, TestBatch, TrainBegin, Trained, TrainEnd, UserLogs
from .nets import Net
from .terminal_messages import TerminalMessages, captured_messages

if TYPE_CHECKING:
    from typing_extensions import Self

#: What every run is called: artifacts have its name in theirs.
RUN = "play"
#: How many batches ``fit`` says an epoch has.
STEPS = 2


@dataclass(frozen=True)
class Step:
    """What there is after an event.

    Attributes:
        glance: what can be seen at once: see :func:`glance`.
        trace: of everything so far; None where nobody asked for it.
        died: the name of the exception that came out of the hook, None for none.
    """

    glance: Any
    trace: dict[str, Any] | None
    died: str | None = None


def glance(history: Any, summary: Mapping[str, Any], files: Any, logged: Any, used: Any) -> Any:
    """How much there is, and the numbers in the summary: costs nothing, and still tells when each thing happens."""
    numbers = {name: number(value) for name, value in summary.items() if is_number(value)}
    own = ("_step", "_runtime", "_timestamp")
    return (
        len(history),
        sorted(set(summary) - {*own, "_wandb"}),
        {k: v for k, v in numbers.items() if k not in own},
        sorted(files),
        len(logged),
        len(used),
    )


def real() -> Any:
    """The installed wandb's own class.

    Raises:
        ImportError: it has none.
    """
    from wandb.integration.keras.keras import WandbCallback

    return WandbCallback


def shim() -> Any:
    from ... import WandbCallback

    return WandbCallback


class Arena:
    """Plays plays. A context manager: one recorder serves all of them.

    Attributes:
        plays: how many were judged.
    """

    def __init__(self) -> None:
        self.plays = 0
        self._open = contextlib.ExitStack()
        self._recorder = Recorder()

    def __enter__(self) -> Self:
        self._open.enter_context(self._recorder)
        self._open.enter_context(saving.quick())
        self._open.enter_context(_without_addresses())
        return self

    def __exit__(self, *failure: object) -> None:
        self._open.close()

    def played(self, kind: Callable[[], Any], play: Play, every: bool = False) -> list[Step]:
        """The step after construction and after each event; a step that died is the last one.

        The last one has a trace, with *every* each of them.
        """
        with contextlib.closing(_Stage(self._recorder, kind(), play, every)) as stage:
            return stage.steps()


@contextlib.contextmanager
def _without_addresses() -> Iterator[None]:
    """Spares wandb up to 0.18 making the address of each run anew, which is half of the time a short one takes."""
    from wandb.sdk import wandb_settings

    if not hasattr(wandb_settings.Settings, "_get_url_query_string"):
        yield
        return
    with mock.patch.object(wandb_settings.Settings, "_get_url_query_string", return_value=""):
        yield


class _ToldError(Exception):
    """Everything that happens in this ``fit`` was told; the way out of it."""


class _Stage:
    def __init__(self, recorder: Recorder, kind: Any, play: Play, every: bool) -> None:
        self._recorder, self._kind, self._play, self._every = recorder, kind, play, every
        self._model = model_of(play.net, kind)
        self._callback: Any = None
        self._fit: Any = None
        self._found: list[Step] = []
        self._messages = TerminalMessages()
        recorder.start_run(name=RUN, resume_summary=play.resumed, step=None if play.resumed is None else 5)

    def close(self) -> None:
        self._recorder.clear()

    def steps(self) -> list[Step]:
        with captured_messages() as self._messages:
            self._do(self._construct)
            while self._next is not None:
                if isinstance(self._next, TrainBegin) and self._play.asks_fit:
                    self._do_in_fit(data.formed(self._play.validation, self._play.net))
                else:
                    self._do(functools.partial(self._feed, self._next))
        return self._found

    @property
    def _next(self) -> Event | None:
        """The event whose turn it is; None where there is none any more, or something died."""
        if self._found[-1].died is not None or len(self._found) > len(self._play.events):
            return None
        return self._play.events[len(self._found) - 1]

    def _do(self, action: Callable[[], None]) -> None:
        died = None
        try:
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                action()
        except Exception as error:
            died = type(error).__name__
        self._messages.add(printed.getvalue())
        self._done(died)

    def _done(self, died: str | None = None) -> None:
        last = died is not None or len(self._found) == len(self._play.events)
        self._found.append(Step(self._glance(), self._trace() if self._every or last else None, died))

    def _do_in_fit(self, validation_data: Any) -> None:
        """A training and all that happens in it, from within Keras' own ``fit``: it begins, and trains nothing."""
        import tensorflow as tf

        stage = self

        class Tells(tf.keras.callbacks.Callback):
            def on_train_begin(self, logs: Any = None) -> None:
                stage._done()
                ended: Any = None
                while not isinstance(ended, (TrainEnd, FitRaises)):
                    ended = stage._next
                    if ended is None or isinstance(ended, (TrainBegin, NewRun)):
                        break
                    stage._do(functools.partial(stage._feed, ended))
                raise _ToldError

        fit = self._fit or self._model.fit
        x, y = Samples(2 * STEPS).arrays(self._play.net)
        callbacks = [self._callback, Tells()]
        try:
            fit(x, y, batch_size=2, epochs=3, verbose=0, validation_data=validation_data, callbacks=callbacks)
        except _ToldError:
            return
        except Exception as error:
            self._done(type(error).__name__)

    def _glance(self) -> Any:
        """Of the run at hand."""
        *_, run = self._recorder.store.runs.values()
        live = [path for path, policy in run.policies.items() if policy == "live"]
        files = {path for path in (*run.files, *live) if not path.startswith("media/")}
        own = [version for version in run.logged if version.collection.type != "run_table"]
        return len(self._messages.in_order()), glance(run.history, run.summary, files, own, run.used)

    def _trace(self) -> dict[str, Any]:
        trace = trace_of(self._recorder.snapshot(), "recorder")
        trace["made_with"] = made_with()
        # Which packages happen to be imported, the environment decides; the console has the messages captured here.
        trace["blind"] = ['runs[*].telemetry["imports_*"]']
        trace["runs"][0]["console"] = self._messages.in_order()
        return trace

    def _construct(self) -> None:
        if self._play.inline:
            self._fit = self._model.fit  # which Python looks up before the arguments, among them the callback
        arguments = {name: data.formed(value, self._play.net) for name, value in self._play.arguments.items()}
        self._callback = self._kind(**arguments)
        for name, value in self._play.changed.items():
            setattr(self._callback, name, value)
        self._callback.set_params({"epochs": 3, "steps": STEPS})
        self._callback.set_model(self._model)

    def _feed(self, event: Event) -> None:
        callback = self._callback
        match event:
            case TrainBegin():
                callback.on_train_begin()
            case Batch(batch, logs, hook):
                callback.on_train_batch_begin(batch)
                getattr(callback, hook)(batch, data.values(logs))
            case TestBatch(batch, logs):
                callback.on_test_batch_begin(batch)
                callback.on_test_batch_end(batch, data.values(logs))
            case EpochEnd(epoch, logs):
                callback.on_epoch_end(epoch, data.values(logs))
            case TrainEnd():
                callback.on_train_end()
            case UserLogs(values, commit):
                wandb.log(data.values(values), commit=commit)
            case Trained(version):
                self._play.net.train(self._model, version)
                saving.mark(self._model, version)
            case NewRun():
                self._recorder.start_run(name=RUN)
            case FitRaises():
                """Keras calls nothing."""


@functools.lru_cache(maxsize=64)
def _kept(net: Net, kind: Any) -> Any:
    return net.model()


def model_of(net: Net, kind: Any) -> Any:
    """A Keras model of *net* with weights number 0; a contestant meets its own one again."""
    model = _kept(net, kind)
    net.train(model, 0)
    saving.mark(model, 0)
    return model


@functools.cache
def made_with() -> dict[str, str]:
    """Every version that the ledger may ask for."""
    found = {name: str(versions.installed(name)) for name in ("python", "tensorflow", "wandb", "numpy")}
    return found | {"keras": versions.keras_version()}
