"""Finding what one file reads of a run: summary keys, the API, sweeps, restored files; and uses of the legacy class."""

from __future__ import annotations

import ast
import re

import libcst as cst

from ..documents.document import Kind
from ..documents.kinds import read_document
from ..documents.module import dotted_text, first_name
from ..documents.python import PythonText
from ..documents.yaml import YamlDocument
from ..names import LEGACY_CLASS
from ..records import SourceError
from .project import FileFacts, KeyUse
from .sweeps import may_be_yaml_sweep, sweep_metrics, yaml_sweep_metrics

_HINT = re.compile(
    rb"summary|scan_history|\.history\(|define_metric|model-best|use_artifact|artifact\(|[\"'](?:goal|metric)[\"']|\bgoal\s*="
    rb"|\.agent\(|\.log\(|WandbCallback|WandbKerasCallback|wandb_keras"
)
_READS_A_RUN = re.compile(rb"summary|scan_history|define_metric|model-best|use_artifact|sweep")
_MODEL_BEST = re.compile(r"model-best(?!\.keras|\.weights\.h5|-\Z)")  # what level 2 itself writes left out
_SUMMARIES = frozenset({"summary", "summary_metrics"})


def may_have_facts(kind: Kind, data: bytes) -> bool:
    """Whether a file could have any facts, told from its bytes."""
    if kind == "yaml":
        return may_be_yaml_sweep(data)
    return kind != "requirements" and _HINT.search(data) is not None


def facts_of(file: str, kind: Kind, data: bytes) -> FileFacts:
    """The facts of one file. One that cannot be parsed is a reason to refuse if its bytes hint at reading a run."""
    facts = FileFacts()
    try:
        document = read_document(kind, data)
        if isinstance(document, YamlDocument):
            for scalar in yaml_sweep_metrics(document):
                facts.sweeps.append(_sweep(file, document.locate(scalar.start).line, scalar.value))
        elif isinstance(document, PythonText):
            _KeyReaders(file, document, facts).find()
    except SourceError as error:
        if _READS_A_RUN.search(data) and b"wandb" in data:
            facts.refusals.append(
                KeyUse(file, error.line, "", "cannot be read, so what it reads back of W&B is unknown")
            )
    return facts


def _sweep(file: str, line: int, key: str) -> KeyUse:
    return KeyUse(file, line, key, f"sweeps on {key!r}, which the newer callbacks do not write")


class _KeyReaders:
    """The places of a Python module that read keys, and the facts they add."""

    def __init__(self, file: str, document: PythonText, facts: FileFacts) -> None:
        self._file, self._document, self._facts = file, document, facts
        self._view = document.view
        self._uses_api = "Api(" in document.text

    def find(self) -> None:
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
                self._facts.sweeps.append(_sweep(self._file, self._line(node), name))

    def _line(self, node: cst.CSTNode) -> int:
        return self._document.locate(self._view.start(node)).line

    def _use(self, node: cst.CSTNode, key: str, reason: str) -> KeyUse:
        return KeyUse(self._file, self._line(node), key, reason)

    def _refuse(self, node: cst.CSTNode, reason: str) -> None:
        if not self._view.ignored(node):
            self._facts.refusals.append(self._use(node, "", reason))

    def _read_key(self, node: cst.CSTNode, key: cst.BaseExpression | None, where: str) -> None:
        value = literal_text(key)
        if value is None:
            self._refuse(node, f"reads {where} under a key that is only known when it runs")
        elif not self._view.ignored(node):
            self._facts.key_uses.append(self._use(node, value, f"reads {where} under the old key {value!r}"))

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
        elif name == "scan_history" or (name == "history" and self._uses_api):
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
                self._facts.key_uses.append(self._use(node, value, f"defines the metric {value!r} by its old key"))

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
            self._facts.instance_tests.append(self._use(node, "", "asks what is an instance of the legacy class"))

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
