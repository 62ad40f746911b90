"""The hooks of the legacy callback, in order."""

from __future__ import annotations

import dataclasses
from typing import Any

from .. import data
from ..contestants import RUN, Step, glance
from ..events import Batch, EpochEnd, Event, FitRaises, NewRun, Play, TestBatch, TrainBegin, Trained, TrainEnd, UserLogs
from . import examples, flops, gradients, graph, weights
from .best import Best
from .checkpoint import save
from .evaluation import Evaluation
from .rules import DiesError, Rules
from .run import Run
from .state import LegacyState


def played(play: Play, rules: Rules, every: bool = False) -> list[Step]:
    """The step after construction and after each event of *play*; a step that died is the last one.

    The last one has a trace, with *every* each of them.
    """
    model = LegacyModel(play, rules)
    steps: list[Step] = []
    for action in [model.construct, *(lambda event=event: model.feed(event) for event in play.events)]:
        died = None
        try:
            action()
        except DiesError as error:
            died = error.kind
        last = died is not None or len(steps) == len(play.events)
        steps.append(Step(model.glance(), model.trace() if every or last else None, died))
        if last:
            break
    return steps


class LegacyModel(LegacyState):
    """The hooks of one callback."""

    def trace(self) -> dict[str, Any]:
        runs = [run.trace() for run in self.runs]
        return {
            "blind": [],
            "runs": [{**run, "console": list(self.console) * (at == 0)} for at, run in enumerate(runs)],
        }

    def glance(self) -> Any:
        run = self.run
        files = {*run.files, *run.announced}
        return len(self.console), glance(run.rows, run.summary, files, run.logged, run.used)

    # --- hooks ---------------------------------------------------------------------------------------------

    def construct(self) -> None:
        if self.rules.registers_absent_files and not self.rules.differs("KD-001"):
            self.run.announced.add("model-best.h5")
        given = self.options["validation_data"]
        if given is not None and given.form in ("sequence", "forever", "finite"):  # which hand out batches
            self.options |= {"validation_data": None, "generator": given}
        gradients.check(self)
        self.best = Best(self)
        self.evaluation = Evaluation(self)
        self.graph_drawn = False
        self._bound = self.run
        self.options |= self.play.changed
        examples.guess_types(self)

    def feed(self, event: Event) -> None:
        match event:
            case TrainBegin():
                self.train_begins()
            case Batch(batch, logs, _):
                self.batch_ends(batch, data.values(logs))
            case EpochEnd(epoch, logs):
                self.epoch_ends(epoch, data.values(logs))
            case TrainEnd():
                self.evaluation.train_ends()
            case UserLogs(values, commit):
                self.run.log(data.values(values) or {}, commit)
            case Trained(version):
                self.version = version
            case NewRun():
                self.run.close_row()
                self.runs.append(Run(RUN, before=self.run))
            case TestBatch() | FitRaises():
                """Nothing is logged of validation batches, and nothing is heard of a fit that raises."""

    def train_begins(self) -> None:
        """*FLOPs*: each time. *New run*: the best one and the graph are those of the callback, whatever the run."""
        if self._bound is not self.run and self.rules.differs("KD-049"):
            self.best = Best(self)
            self.graph_drawn = False
        self._bound = self.run
        self.examples_failed = False
        self._take_what_fit_validates_on()
        self.evaluation.train_begins()
        if self.options["compute_flops"]:
            self.run.summary["GFLOPs"] = flops.gflops(self.play.net)

    def _take_what_fit_validates_on(self) -> None:
        """*Validation data of fit*: in the place of the constructor's, and a dataset as one iterator over it."""
        given, options, rules = self.play.validation, self.options, self.rules
        if given is None or not (options["log_evaluation"] or options["input_type"] or options["output_type"]):
            return
        own = self.play.arguments.get("validation_data") or self.play.arguments.get("generator")
        if not rules.patches_fit:
            # Nothing reaches the real class.
            if own is None and rules.differs("KD-099"):
                options["validation_data"] = self._read_by_the_shim(given)
        elif given.form == "dataset":
            if rules.differs("KD-094" if own is None else "KD-090"):
                options["validation_data" if own is None else "unused"] = self._read_by_the_shim(given)
            else:
                options["generator"] = dataclasses.replace(given, form="iterated")
                self.batches_read = 0
        elif own is None or not rules.differs("KD-090"):
            options["validation_data"] = given
            self.batch_drawn = None
        if given.form != "dataset":
            self.arrays_of_fit = given

    @staticmethod
    def _read_by_the_shim(given: Any) -> Any:
        return dataclasses.replace(given, form="reread") if given.form == "dataset" else given

    def batch_ends(self, batch: int, logs: dict[str, Any] | None) -> None:
        """*Graph*: with the first batch. *Batch rows*: each batch that the frequency divides, bare names."""
        self.evaluation.batch_begins()
        self._draw_graph()
        frequency = self.options["log_batch_frequency"]
        if not frequency or batch % frequency != 0:
            return
        if logs is None:
            self.rules.dies("KD-042", "TypeError or ValueError")
        self.run.log(logs or {}, commit=True)

    def epoch_ends(self, epoch: int, logs: dict[str, Any] | None) -> None:
        """*Epoch rows*: the parts, the epoch, the metrics, in one row; then the summary and the files."""
        if self.options["save_graph"] and not self.graph_drawn and self.rules.differs("KD-043"):
            self._draw_graph()
        run, options = self.run, self.options
        if options["log_weights"]:
            run.log(weights.histograms(self), commit=False)
        if options["log_gradients"]:
            run.log(gradients.histograms(self), commit=False)
        run.log(examples.row_part(self), commit=False)
        self.evaluation.epoch_ends(epoch)
        self.epochs_seen += 1
        run.log({"epoch": epoch}, commit=False)
        if logs is None and self.rules.defaults_are_objects:
            self.rules.dies("KD-042", "ValueError")
        logs = logs or {}
        run.log(logs, commit=True)
        improved = self.best.see(epoch, logs)
        if improved is not None and options["save_model"]:
            save(self, self.best, epoch, improved)
        if improved is not None:
            self.best.value = improved

    def _draw_graph(self) -> None:
        if self.options["save_graph"] and not self.graph_drawn:
            self.graph_drawn = True
            self.run.summary["graph"] = graph.drawn(self.play.net, self.rules)
