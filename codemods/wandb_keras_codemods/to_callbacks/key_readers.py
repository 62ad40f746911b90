"""Reading the facts of one file: summary reads, API queries, sweeps, restored files, subclasses."""

from __future__ import annotations

import ast
import re

import libcst as cst

from ..documents.module import ModuleView, dotted_text, first_name
from ..documents.python import Unit
from ..documents.yaml import YamlFile
from ..engine.discover import Kind
from ..engine.migrate_file import load
from ..records import SourceError
from ..names import LEGACY_CLASS
from .project import Facts, Use
from .sweeps import sweep_metrics, yaml_sweep_metrics

_HINT = re.compile(
    rb"summary|scan_history|\.history\(|define_metric|model-best|use_artifact|artifact\(|[\"'](?:goal|metric)[\"']|\bgoal\s*="
    rb"|\.agent\(|\.log\(|WandbCallback|WandbKerasCallback|wandb_keras"
)
_STRONG = re.compile(rb"summary|scan_history|define_metric|model-best|use_artifact|sweep")
_MODEL_BEST = re.compile(r"model-best(?!\.keras|\.weights\.h5|-\Z)")  # what level 2 itself writes left out
_SUMMARIES = frozenset({"summary", "summary_metrics"})


def may_matter(kind: Kind, data: bytes) -> bool:
    """Whether a file could hold a fact, from its bytes."""
    if kind == "yaml":
        return b"metric" in data and b"name" in data
    return kind != "requirements" and _HINT.search(data) is not None


def facts_of(file: str, kind: Kind, data: bytes) -> Facts:
    """The facts of one file; one that cannot be read counts as reading whatever its bytes hint at."""
    facts = Facts()
    try:
        if kind == "yaml":
            document = YamlFile(data)
            facts.sweeps = [
                Use(file, document.locate(scalar).line, scalar.value, "") for scalar in yaml_sweep_metrics(document)
            ]
            facts.sweeps = [_sweep(use) for use in facts.sweeps]
        else:
            unit = load(kind, data).unit
            _Reader(file, unit, facts).read()
    except SourceError as error:
        if _STRONG.search(data) and b"wandb" in data:
            facts.refusals.append(Use(file, error.line, "", "cannot be read, so what it reads back of W&B is unknown"))
    return facts


def _sweep(use: Use) -> Use:
    return Use(use.file, use.line, use.key, f"sweeps on {use.key!r}, which the newer callbacks do not write")


class _Reader:
    def __init__(self, file: str, unit: Unit, facts: Facts) -> None:
        self._file, self._unit, self._facts = file, unit, facts
        self._view = ModuleView(unit.text)
        self._api = "Api(" in unit.text

    def read(self) -> None:
        for subscript in self._view.nodes(cst.Subscript):
            self._subscript(subscript)
        for call in self._view.nodes(cst.Call):
            self._call(call)
        for attribute in self._view.nodes(cst.Attribute):
            if attribute.attr.value == "_json_dict":
                self._refuse(attribute, "reads a whole run summary")
        for text in self._view.nodes(cst.SimpleString):
            self._string(text, text.value)
        for part in self._view.nodes(cst.FormattedStringText):
            self._string(part, part.value)
        self._class_uses()
        for node, name in sweep_metrics(self._view):
            if name is None:
                self._refuse(node, "sweeps on a metric whose name is only known when it runs")
            else:
                self._facts.sweeps.append(_sweep(self._use(node, name, "")))

    def _use(self, node: cst.CSTNode, key: str, what: str) -> Use:
        return Use(self._file, self._unit.locate(self._view.start(node)).line, key, what)

    def _refuse(self, node: cst.CSTNode, what: str) -> None:
        if not self._view.ignored(node):
            self._facts.refusals.append(self._use(node, "", what))

    def _read_key(self, node: cst.CSTNode, key: cst.BaseExpression | None, where: str) -> None:
        value = literal_text(key)
        if value is None:
            self._refuse(node, f"reads {where} under a key that is only known when it runs")
        elif not self._view.ignored(node):
            self._facts.uses.append(self._use(node, value, f"reads {where} under the old key {value!r}"))

    def _subscript(self, node: cst.Subscript) -> None:
        if not isinstance(node.value, cst.Attribute) or node.value.attr.value not in _SUMMARIES or len(node.slice) != 1:
            return
        index = node.slice[0].slice
        key = index.value if isinstance(index, cst.Index) else None
        if isinstance(self._view.parent(node), (cst.AssignTarget, cst.AnnAssign, cst.Del)):
            self._facts.logged |= {value} if (value := literal_text(key)) is not None else set()
        else:
            self._read_key(node, key, "the run summary")

    def _call(self, node: cst.Call) -> None:
        if not isinstance(node.func, cst.Attribute):
            return
        name, owner = node.func.attr.value, node.func.value
        first = node.args[0].value if node.args else None
        if isinstance(owner, cst.Attribute) and owner.attr.value in _SUMMARIES:
            if name == "get":
                self._read_key(node, first, "the run summary")
            elif name in {"items", "keys", "values"}:
                self._refuse(node, "reads a whole run summary")
        if name in {"log", "update"} and isinstance(first, cst.Dict):
            keys = [literal_text(item.key) for item in first.elements if isinstance(item, cst.DictElement)]
            self._facts.logged |= {key for key in keys if key is not None}
        elif name == "define_metric":
            self._define_metric(node)
        elif name == "scan_history" or (name == "history" and self._api):
            self._refuse(node, "reads the history of a run through the API")
        elif name in {"use_artifact", "artifact"} and first is not None and "model-" in self._view.code(first):
            self._refuse(node, "uses the artifact model-<run name> of the legacy callback")
        elif name == "agent" and dotted_text(node.func) == "wandb.agent":
            self._facts.agents.append(self._use(node, "", "runs a sweep whose configuration is not in the project"))

    def _define_metric(self, node: cst.Call) -> None:
        positional = ["name", "step_metric"]
        for argument in node.args:
            name = positional.pop(0) if argument.keyword is None and positional else ""
            name = argument.keyword.value if argument.keyword is not None else name
            if name not in {"name", "step_metric"}:
                continue
            value = literal_text(argument.value)
            if value is None:
                self._refuse(node, "defines a metric whose name is only known when it runs")
            elif "*" not in value and not self._view.ignored(node):
                self._facts.uses.append(self._use(node, value, f"defines the metric {value!r} by its old key"))

    def _string(self, node: cst.CSTNode, text: str) -> None:
        if _MODEL_BEST.search(text):
            self._refuse(node, "names model-best, the file or artifact of the legacy callback")
        if "summary_metrics." in text:
            self._refuse(node, "queries the summary of runs through the API")

    def _class_uses(self) -> None:
        for kind in (cst.Name, cst.Attribute):
            for node in self._view.nodes(kind):
                argument = self._argument(node)
                if argument is None or not self._is_legacy(node):
                    continue
                owner = self._view.parent(argument)
                if isinstance(owner, cst.ClassDef):
                    self._refuse(node, "subclasses the legacy callback")
                elif isinstance(owner, cst.Call) and dotted_text(owner.func) in {"isinstance", "issubclass"}:
                    self._tests_instances(node)
                elif isinstance(owner, cst.Call):
                    self._refuse(node, "passes the legacy class about")

    def _argument(self, node: cst.CSTNode) -> cst.Arg | None:
        """The argument that a node is, alone or in a tuple."""
        parent = self._view.parent(node)
        if isinstance(parent, cst.Element) and isinstance(around := self._view.parent(parent), cst.Tuple):
            parent = self._view.parent(around)
        return parent if isinstance(parent, cst.Arg) else None

    def _tests_instances(self, node: cst.CSTNode) -> None:
        if not self._view.ignored(node):
            self._facts.objects.append(self._use(node, "", "asks what is an instance of the legacy class"))

    def _is_legacy(self, node: cst.BaseExpression) -> bool:
        root = first_name(node)
        if root is None or not ("andb" in self._view.code(node) or isinstance(node, cst.Name)):
            return False
        found = self._view.resolve(node)
        return found is not None and bool(found.names & LEGACY_CLASS)


def literal_text(node: cst.BaseExpression | None) -> str | None:
    """The value of a plain string literal."""
    if not isinstance(node, cst.SimpleString):
        return None
    value = ast.literal_eval(node.value)
    return value if isinstance(value, str) else None
