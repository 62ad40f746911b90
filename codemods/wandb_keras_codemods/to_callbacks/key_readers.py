"""The facts of one file: what it reads of runs, its sweeps, its W&B projects, and its uses of the legacy class."""

from __future__ import annotations

import re
from dataclasses import replace

import libcst as cst

from ..documents.document import Kind
from ..documents.kinds import read_document
from ..documents.module import bound_name, dotted_text, first_name, module_name
from ..documents.notebook import NotebookDocument
from ..documents.python import PythonText
from ..documents.yaml import YamlDocument
from ..names import LEGACY, LEGACY_CLASS, NEW_HOME, OLD_MODULE, SHIM
from ..records import SourceError
from .module_paths import add_imports, programs_run_by
from .project import FileFacts, KeyUse
from .run_objects import Value
from .run_readers import RunReaders, dict_keys
from .run_starts import add_run_starts
from .run_values import RunValues
from .sweeps import may_be_yaml_sweep, sweep_metrics, yaml_sweep_metrics, yaml_sweep_settings
from .wandb_projects import add_projects, projects_set_by

_HINT = re.compile(
    rb"wandb|WANDB|\.summary\b(?![ \t]*\()|scan_history|summary_metrics|\.history\(|define_metric"
    rb"|model-best|use_artifact|use_model|wandb-summary|steps_per_execution|[\"'](?:goal|metric)[\"']|\bgoal\s*=|\.agent\("
)
_READS_A_RUN = re.compile(rb"summary|history|define_metric|model-best|use_artifact|sweep")
_REPORTS = ("wandb.apis.reports.", "wandb_workspaces.")
_PANEL_METRICS = frozenset({"x", "y", "z", "metric", "metrics"})
_PATCHER = re.compile(r"(?:^|\.)(?:patch(?:\.\w+)?|setattr|delattr)$")
_CALLBACK = re.compile(rf"(?:{re.escape(SHIM)}|{re.escape(NEW_HOME)}|{re.escape(OLD_MODULE)})\.Wandb\w+")
_ARTIFACT_METHODS = frozenset(
    {"use_artifact", "use_model", "artifact", "artifacts", "artifact_versions", "artifact_collection"}
)
_MODEL_BEST = re.compile(r"model-best(?!\.keras|\.weights\.h5|-\Z)")  # what level 2 itself writes left out
_METRIC_QUERY = re.compile(r"[+-]?summary_metrics\.([\w/-]+)(?:\.(?:value|min|max|mean|last))?\Z")


def may_have_facts(kind: Kind, data: bytes) -> bool:
    """Whether a file could have any facts besides its imports, told from its bytes."""
    if kind == "yaml":
        return may_be_yaml_sweep(data)
    return kind != "requirements" and _HINT.search(data) is not None


def facts_of(file: str, kind: Kind, data: bytes) -> FileFacts:
    """The facts of one file. One that cannot be parsed is a reason to refuse if its bytes hint at reading a run."""
    facts = FileFacts()
    try:
        document = read_document(kind, data)
        if isinstance(document, YamlDocument):
            _yaml_facts(file, document, facts)
        elif isinstance(document, PythonText):
            _add_imports(document, facts)
            _KeyReaders(file, document, facts).find()
            if isinstance(document, NotebookDocument):
                _add_broken_cells(file, document, facts)
        if facts.sweeps and document.ignores_file:
            left = "sweeps on {key!r} in a file that an ignore comment leaves alone"
            facts.refusals += [
                replace(use, reason=left.format(key=use.key)) for use in facts.sweeps if "/" not in use.key
            ]
    except SourceError as error:
        return unread_facts(file, data, error.line)
    return facts


def unread_facts(file: str, data: bytes, line: int = 1) -> FileFacts:
    """The facts of a file that cannot be parsed."""
    unknown = [KeyUse(file, line, "", "cannot be read, so what it reads back of W&B is unknown")]
    return FileFacts(broken=True, refusals=unknown if _READS_A_RUN.search(data) and b"wandb" in data else [])


def imports_of(kind: Kind, data: bytes) -> FileFacts:
    """What a file without other facts imports and runs."""
    facts = FileFacts()
    try:
        if isinstance(document := read_document(kind, data), PythonText):
            _add_imports(document, facts)
    except SourceError:
        return FileFacts(broken=True)
    return facts


def _add_imports(document: PythonText, facts: FileFacts) -> None:
    add_imports(document.text, facts)
    if isinstance(document, NotebookDocument):
        facts.programs |= {program for _, program in document.matches(programs_run_by)}
        facts.projects |= {name for _, name in document.matches(projects_set_by)}


def _add_broken_cells(file: str, document: NotebookDocument, facts: FileFacts) -> None:
    """A cell that does not parse and may read a run is a reason, as a broken file is."""
    broken = {where.cell for where, _ in document.problems}
    for where, text in document.matches(lambda cell: [(0, cell)]):
        if where.cell in broken and _READS_A_RUN.search(text.encode(errors="replace")):
            reason = "holds a cell that cannot be read, so what it reads back of W&B is unknown"
            facts.refusals.append(KeyUse(file, where.line, "", reason, own_process=True))


def _yaml_facts(file: str, document: YamlDocument, facts: FileFacts) -> None:
    for scalar in yaml_sweep_metrics(document):
        facts.sweeps.append(_sweep(file, document.locate(scalar.start).line, scalar.value))
    facts.programs |= yaml_sweep_settings(document, "program")
    facts.projects |= yaml_sweep_settings(document, "project")


def _sweep(file: str, line: int, key: str) -> KeyUse:
    return KeyUse(file, line, key, f"sweeps on {key!r}, which the newer callbacks do not write")


class _KeyReaders:
    """The places of a Python module that read keys, and the facts they add."""

    def __init__(self, file: str, document: PythonText, facts: FileFacts) -> None:
        self._file, self._document, self._facts = file, document, facts
        self._view = document.view
        self._values = RunValues(self._view)
        add_run_starts(self._view, document.text, facts)
        self._uses_api = re.search(r"\bApi\b|run_path", document.text) is not None

    def find(self) -> None:
        if "summary" in self._document.text or "history" in self._document.text:
            self._runs()
        for call in self._view.nodes(cst.Call):
            self._call(call)
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
        if "wandb" in self._document.text or "WANDB" in self._document.text:
            add_projects(self._view, self._values, self._facts)

    def _runs(self) -> None:
        def read_key(node: cst.CSTNode, key: str, reason: str, value: Value) -> None:
            if not self._view.ignored(node):
                self._facts.key_uses.append(self._use(node, key, reason, own=self._is_own(value)))

        def refuse(node: cst.CSTNode, reason: str, value: Value) -> None:
            self._refuse(node, reason, own=self._is_own(value))

        readers = RunReaders(self._view, self._values, read_key, refuse)
        readers.find()
        self._facts.logged |= readers.written

    def _is_own(self, value: Value) -> bool:
        """Whether something that comes from a run comes from the program's own."""
        return value.origin == "process" or (value.origin == "unknown" and not self._uses_api)

    def _line(self, node: cst.CSTNode) -> int:
        return self._document.locate(self._view.start(node)).line

    def _use(self, node: cst.CSTNode, key: str, reason: str, *, own: bool) -> KeyUse:
        return KeyUse(self._file, self._line(node), key, reason, own)

    def _refuse(self, node: cst.CSTNode, reason: str, *, own: bool = False) -> None:
        if not self._view.ignored(node):
            self._facts.refusals.append(self._use(node, "", reason, own=own))

    def _call(self, node: cst.Call) -> None:
        found = self._view.resolve(node.func)
        if found is not None and any(name.startswith(_REPORTS) for name in found.names):
            self._report(node)
        if not isinstance(node.func, cst.Attribute):
            return
        name = node.func.attr.value
        first = node.args[0].value if node.args else None
        if name == "log" and first is not None and self._may_be_a_run(node.func.value):
            self._facts.logged |= set(dict_keys(self._values, first))
        elif name == "define_metric" and self._may_be_a_run(node.func.value):
            self._define_metric(node)
        elif name in _ARTIFACT_METHODS and any(self._names(argument.value, "model-") for argument in node.args):
            self._refuse(node, "uses the artifact model-<run name> of the legacy callback")
        elif name == "best_run":
            for key in self._values.texts(first) or ():
                self._read(node, key, f"asks for the best run by the old key {key!r}")
        elif name == "agent" and any(value.what == "wandb" for value in self._values.of(node.func.value)):
            reason = "runs a sweep whose configuration is not in the project"
            self._facts.agents.append(self._use(node, "", reason, own=False))

    def _names(self, node: cst.BaseExpression, part: str) -> bool:
        """Whether an expression, or what its name is bound to, has a text in it."""
        sources = [node, *(self._values.sources(node) if isinstance(node, cst.Name) else ())]
        return any(part in self._view.code(source) for source in sources if source is not None)

    def _report(self, node: cst.Call) -> None:
        """The metrics of a panel in a report that a program writes."""
        for argument in node.args:
            if argument.keyword is None or argument.keyword.value not in _PANEL_METRICS:
                continue
            keys = self._values.texts(argument.value)
            if keys is None:
                self._refuse(node, "shows metrics in a report whose names are only known when it runs")
            for key in keys or ():
                self._read(node, key, f"shows the old key {key!r} in a report")

    def _may_be_a_run(self, owner: cst.BaseExpression) -> bool:
        return any(value.what in {"wandb", "run", "unknown"} for value in self._values.of(owner))

    def _read(self, node: cst.CSTNode, key: str, reason: str, *, own: bool = False) -> None:
        if not self._view.ignored(node):
            self._facts.key_uses.append(self._use(node, key, reason, own=own))

    def _define_metric(self, node: cst.Call) -> None:
        positional = ["name", "step_metric"]
        for argument in node.args:
            name = positional.pop(0) if argument.keyword is None and positional else ""
            name = argument.keyword.value if argument.keyword is not None else name
            if name not in {"name", "step_metric"}:
                continue
            values = self._values.texts(argument.value)
            if values is None:
                self._refuse(node, "defines a metric whose name is only known when it runs", own=True)
            for value in values or ():
                if "*" not in value:
                    self._read(node, value, f"defines the metric {value!r} by its old key", own=True)

    def _string(self, node: cst.CSTNode, text: str) -> None:
        if _MODEL_BEST.search(text):
            own = self._facts.names_wandb and not self._uses_api
            self._refuse(node, "names model-best, the file or artifact of the legacy callback", own=own)
        if "wandb-summary.json" in text:
            self._refuse(node, "names wandb-summary.json, the file of a run summary")
        if "summary_metrics." in text:
            reason = "queries the summary of runs through the API"
            query = _METRIC_QUERY.match(text.strip("\"'"))
            if query is not None:
                self._read(node, query[1], f"{reason} by the old key {query[1]!r}")
            else:
                self._refuse(node, reason)

    def _class_uses(self) -> None:
        if "Wandb" not in self._document.text:
            return
        for statement in self._view.nodes(cst.ImportFrom):
            module = module_name(statement)
            if isinstance(statement.names, cst.ImportStar):
                self._facts.binds_legacy |= {LEGACY} if f"{module}.{LEGACY}" in LEGACY_CLASS else set()
                continue
            for alias in statement.names:
                if f"{module}.{dotted_text(alias.name)}" in LEGACY_CLASS:
                    self._facts.binds_legacy.add(bound_name(alias))
        for call in self._view.nodes(cst.Call):
            self._patches(call)
        for nodes in (self._view.nodes(cst.Name), self._view.nodes(cst.Attribute)):
            for node in nodes:
                names = self._class_names(node)
                if not names & LEGACY_CLASS:
                    self._facts.trains = self._facts.trains or any(map(_CALLBACK.fullmatch, names))
                    continue
                argument = self._argument(node)
                owner = self._view.parent(argument) if argument is not None else None
                asks = isinstance(owner, cst.Call) and dotted_text(owner.func) in {"isinstance", "issubclass"}
                self._facts.trains = self._facts.trains or not asks
                if isinstance(owner, cst.ClassDef):
                    self._refuse(node, "subclasses the legacy callback", own=True)
                elif asks:
                    self._tests_instances(node)
                elif isinstance(owner, cst.Call):
                    self._refuse(node, "passes the legacy class about", own=True)

    def _argument(self, node: cst.CSTNode) -> cst.Arg | None:
        """The argument that a node is, alone or in a tuple."""
        parent = self._view.parent(node)
        if isinstance(parent, cst.Element) and isinstance(around := self._view.parent(parent), cst.Tuple):
            parent = self._view.parent(around)
        return parent if isinstance(parent, cst.Arg) else None

    def _patches(self, call: cst.Call) -> None:
        """Note a test that puts something in the place of the class: it would replace nothing afterwards."""
        if not _PATCHER.search(dotted_text(call.func) or "") or self._view.ignored(call):
            return
        texts = {item.value.raw_value for item in call.args if isinstance(item.value, cst.SimpleString)}
        if texts & (LEGACY_CLASS | {LEGACY}):
            reason = "puts something in the place of the legacy class"
            self._facts.instance_tests.append(self._use(call, "", reason, own=True))

    def _tests_instances(self, node: cst.CSTNode) -> None:
        if not self._view.ignored(node):
            reason = "asks what is an instance of the legacy class"
            self._facts.instance_tests.append(self._use(node, "", reason, own=True))

    def _class_names(self, node: cst.Name | cst.Attribute) -> frozenset[str]:
        """What a name may stand for, if it stands for one of W&B's callbacks; where it is imported it is not used."""
        if "andb" not in self._view.code(node) and isinstance(node, cst.Attribute):
            return frozenset()
        if isinstance(self._view.parent(node), (cst.ImportAlias, cst.AsName, cst.ImportFrom)):
            return frozenset()
        found = self._view.resolve(node) if first_name(node) is not None else None
        return found.names if found is not None else frozenset()
