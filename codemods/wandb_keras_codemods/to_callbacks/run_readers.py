"""What a module reads of run summaries and histories: the keys, or that it cannot be told which.

Every expression that is a summary, a history, a row or the columns of one is looked at where it stands: a constant key
is a key that is read, another name for it is followed, and whatever else may read any key is a place that cannot be
followed.
"""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from ..documents.module import ModuleView
from .run_objects import TABLE_METHODS, Value, history_keys
from .run_values import RunValues

_HOLDERS = frozenset({"summary", "history", "row", "columns", "locator"})
_MAPPING = frozenset({"get", "pop", "setdefault", "keys", "items", "values", "copy", "update", "_json_dict"})
_HARMLESS_CALLS = frozenset({"len", "bool", "isinstance", "type", "id", "callable"})
_TABLE_FACTS = frozenset({"empty", "shape", "size", "index", "ndim"})
#: No column is read by these attributes of a table: they have it all.
_WHOLE_TABLE = frozenset({"T", "values", "dtypes", "axes", "plot", "style"})
_NO_USE = (
    cst.NamedExpr, cst.BooleanOperation, cst.IfExp, cst.Await,  # looked at themselves
    cst.Expr, cst.If, cst.While, cst.Assert, cst.UnaryOperation, cst.Del, cst.AugAssign,
)  # fmt: skip

_BINDS = (
    cst.AssignTarget, cst.AsName, cst.ImportAlias, cst.Param, cst.FunctionDef, cst.ClassDef, cst.Del, cst.NameItem,
)  # fmt: skip

ReadKey = Callable[[cst.CSTNode, str, str, Value], None]
Refuse = Callable[[cst.CSTNode, str, Value], None]


class RunReaders:
    """Finds the readers of one module, and the keys it writes to summaries."""

    def __init__(self, view: ModuleView, values: RunValues, read_key: ReadKey, refuse: Refuse) -> None:
        self._view, self._values = view, values
        self._read_key, self._refuse = read_key, refuse
        self.written: set[str] = set()
        """Keys that the module writes to a summary itself."""
        self._columns: set[str] = set()
        """Columns that it adds to the table of a history."""

    def find(self) -> None:
        """Call ``read_key`` and ``refuse`` for each place."""
        found = [
            (node, value)
            for kind in (
                cst.Attribute,
                cst.Call,
                cst.Name,
                cst.Subscript,
                cst.BooleanOperation,
                cst.IfExp,
                cst.NamedExpr,
            )
            for node in self._view.nodes(kind)
            if not isinstance(node, cst.Name) or self._is_load(node)
            for value in self._values.of(node)
            if value.what in _HOLDERS and self._view.enclosing(node, (cst.ImportAlias, cst.ImportFrom)) is None
        ]
        for node, value in found:
            self._writes(node, value)
        for node, value in found:
            self._use(node, value)
            if isinstance(node, cst.Call):
                self._asked_for(node, value)

    def _is_load(self, name: cst.Name) -> bool:
        """Whether a name is looked up, and not bound or a part of something else."""
        node: cst.CSTNode = name
        parent = self._view.parent(node)
        while isinstance(parent, (cst.Element, cst.StarredElement, cst.Tuple, cst.List)):
            node, parent = parent, self._view.parent(parent)
        if isinstance(parent, cst.Attribute):
            return parent.value is node
        if isinstance(parent, cst.Arg):
            return parent.keyword is not node
        if isinstance(parent, (cst.For, cst.CompFor, cst.AnnAssign, cst.NamedExpr, cst.AugAssign)):
            return parent.target is not node
        return not isinstance(parent, _BINDS)

    # Writes

    def _writes(self, node: cst.CSTNode, value: Value) -> None:
        """Add the keys that a statement gives a summary, or the columns that it gives a table."""
        parent = self._view.parent(node)
        if isinstance(parent, (cst.Subscript, cst.Attribute)) and parent.value is node and self._is_target(parent):
            keys = self._keys(parent)
            if value.what == "summary":
                self.written |= set(keys or ())
            else:
                statement = self._view.enclosing(parent, (cst.Assign, cst.AugAssign))
                source = self._view.code(statement) if statement is not None else ""
                source = source.partition("=")[2]
                self._columns |= {key for key in keys or () if f'"{key}"' not in source and f"'{key}'" not in source}
        elif value.what == "summary" and isinstance(parent, cst.Attribute) and parent.attr.value == "update":
            call = self._view.parent(parent)
            for argument in call.args if isinstance(call, cst.Call) and call.func is parent else ():
                if argument.keyword is not None:
                    self.written.add(argument.keyword.value)
                self.written |= set(dict_keys(self._values, argument.value))

    def _is_target(self, node: cst.CSTNode) -> bool:
        """Whether an expression is bound, or deleted, and not read."""
        parent = self._view.parent(node)
        return isinstance(parent, (cst.AssignTarget, cst.Del)) or (
            isinstance(parent, (cst.AnnAssign, cst.AugAssign)) and parent.target is node
        )

    # Reads

    def _asked_for(self, node: cst.Call, value: Value) -> None:
        """The keys that a history is asked for by name."""
        keys = history_keys(node)
        if keys is not None:
            self._key(node, self._values.texts(keys), value)

    def _use(self, node: cst.CSTNode, value: Value) -> None:
        parent = self._view.parent(node)
        match parent:
            case cst.Attribute():
                self._attribute(parent, value)
            case cst.Subscript() if parent.value is node:
                self._subscript(parent, value)
            case cst.Arg():
                self._argument(node, parent, value)
            case cst.ComparisonTarget() | cst.Comparison():
                self._comparison(node, parent, value)
            case cst.Assign() | cst.AnnAssign() | cst.For() | cst.CompFor():
                self._statement(node, parent, value)
            case cst.Return() | cst.Yield() | cst.Lambda():
                self._whole(node, "returns {}, and what is read of it then cannot be followed", value)
            case cst.Call():
                pass  # ``model.summary()``
            case _ if isinstance(parent, _NO_USE) or self._is_target(node):
                pass
            case _:
                self._whole(node, "uses {} in a way that cannot be followed", value)

    def _comparison(self, node: cst.CSTNode, parent: cst.ComparisonTarget | cst.Comparison, value: Value) -> None:
        """``key in summary`` reads a key, ``summary is None`` reads none."""
        whole = parent if isinstance(parent, cst.Comparison) else self._view.parent(parent)
        targets = whole.comparisons if isinstance(whole, cst.Comparison) else ()
        if isinstance(parent, cst.ComparisonTarget) and isinstance(parent.operator, (cst.In, cst.NotIn)):
            self._key(node, self._values.texts(getattr(whole, "left", None)), value)
        elif not all(isinstance(target.operator, (cst.Is, cst.IsNot)) for target in targets):
            self._whole(node, "compares {}", value)

    def _statement(
        self, node: cst.CSTNode, parent: cst.Assign | cst.AnnAssign | cst.For | cst.CompFor, value: Value
    ) -> None:
        """A loop over it, or another name for it: the names are looked at themselves."""
        if isinstance(parent, (cst.For, cst.CompFor)):
            if value.what != "history" or not isinstance(parent.target, (cst.Name, cst.Tuple)):
                self._whole(node, "goes over {}, whatever its keys are", value)
            return
        targets = [item.target for item in parent.targets] if isinstance(parent, cst.Assign) else [parent.target]
        if not all(self._is_followed(target) for target in targets):
            self._whole(node, "stores {}, and what is read of it there cannot be followed", value)

    @staticmethod
    def _is_followed(target: cst.BaseExpression) -> bool:
        match target:
            case cst.Name():
                return True
            case cst.Attribute(value=cst.Name(value="self"), attr=cst.Name(value=name)):
                return name == "summary" or name.startswith("_")  # others are read from outside, where nobody sees it
        return False

    def _argument(self, node: cst.CSTNode, argument: cst.Arg, value: Value) -> None:
        call = self._view.parent(argument)
        if argument.star:
            self._whole(node, "unpacks {}, whatever its keys are", value)
        elif isinstance(call, cst.Call):
            name = self._view.code(call.func)
            followed = value in self._values.of(call) and call.args[0] is argument
            counted = name == "enumerate" and isinstance(self._view.parent(call), (cst.For, cst.CompFor))
            rows = value.what == "history" and (name in {"next", "max", "min"} or counted)
            if not followed and not rows and name not in _HARMLESS_CALLS:
                self._whole(node, f"gives {{}} to {name}(), and what is read of it there cannot be followed", value)
        else:
            self._whole(node, "uses {} in a way that cannot be followed", value)

    def _attribute(self, node: cst.Attribute, value: Value) -> None:
        name, parent = node.attr.value, self._view.parent(node)
        call = parent if isinstance(parent, cst.Call) and parent.func is node else None
        followed = any(found.what in _HOLDERS for found in self._values.of(node))
        if followed or (self._is_target(node) and call is None):
            return
        if value.what in {"summary", "row"} and name in {"get", "pop", "setdefault"} and call is not None:
            self._key(node, self._values.texts(call.args[0].value) if call.args else None, value)
        elif value.what == "summary" and name in {"update", "copy"}:
            pass  # a write; followed
        elif name in {"keys", "items", "values"} and call is not None:
            test = self._view.parent(call)
            if (
                name == "keys"
                and isinstance(test, cst.ComparisonTarget)
                and isinstance(test.operator, (cst.In, cst.NotIn))
            ):
                self._key(node, self._values.texts(getattr(self._view.parent(test), "left", None)), value)
            else:
                self._whole(node, "goes over {}, whatever its keys are", value)
        elif value.what == "history" and name in TABLE_METHODS and call is not None:
            self._table_method(node, name, call, value)
        elif value.what in {"history", "row"} and name in _TABLE_FACTS:
            pass
        elif value.what == "summary" and value.origin == "unknown" and name not in _MAPPING:
            pass  # nothing shows it to be a run's summary
        elif value.what == "history" and name in _WHOLE_TABLE:
            self._whole(node, f"asks {{}} for .{name}, whatever its keys are", value)
        elif call is None and value.what in {"summary", "history", "row"}:
            self._key(node, [name], value)
        else:
            self._whole(node, f"asks {{}} for .{name}, and what is read of it there cannot be followed", value)

    def _table_method(self, node: cst.Attribute, name: str, call: cst.Call, value: Value) -> None:
        """The columns that a method is told by name; what it returns is followed."""
        if name in {"iterrows", "itertuples"} and not isinstance(self._view.parent(call), (cst.For, cst.CompFor)):
            self._whole(node, "goes over {}, whatever its keys are", value)
        for argument in call.args if name not in {"to_dict", "fillna"} else ():
            keyword = argument.keyword.value if argument.keyword is not None else "by"
            if keyword in {"by", "subset", "keys", "items"} and not isinstance(argument.value, cst.Integer):
                self._key(node, self._values.texts(argument.value), value)

    def _subscript(self, node: cst.Subscript, value: Value) -> None:
        if self._is_target(node):
            return
        followed = any(found.what in _HOLDERS for found in self._values.of(node))
        index = node.slice[0].slice if len(node.slice) == 1 else None
        inner = index.value if isinstance(index, cst.Index) else None
        if value.what == "locator":
            column = node.slice[-1].slice if len(node.slice) > 1 else None
            if isinstance(column, cst.Index) and not isinstance(column.value, cst.Integer):
                self._key(node, self._values.texts(column.value), value)
        elif value.what in {"history", "columns"} and isinstance(inner, (cst.Integer, cst.UnaryOperation)):
            if value.what == "columns":
                self._whole(node, "uses {} in a way that cannot be followed", value)
        elif not followed or isinstance(inner, cst.List):
            self._key(node, self._keys(node), value)

    def _keys(self, node: cst.Subscript | cst.Attribute) -> list[str] | None:
        if isinstance(node, cst.Attribute):
            return [node.attr.value]
        index = node.slice[0].slice if len(node.slice) == 1 else None
        return self._values.texts(index.value) if isinstance(index, cst.Index) else None

    # What is said

    def _key(self, node: cst.CSTNode, keys: list[str] | None, value: Value) -> None:
        label = "the run summary" if value.what == "summary" else "the history of a run"
        if keys is None:
            if not value.bounded:
                self._refuse(node, f"reads {label} under a key that is only known when it runs", value)
            return
        for key in keys:
            if value.what == "summary" or key not in self._columns:
                self._read_key(node, key, f"reads {label} under the old key {key!r}", value)

    def _whole(self, node: cst.CSTNode, sentence: str, value: Value) -> None:
        if value.bounded:
            return
        what = "a whole run summary" if value.what == "summary" else "the whole history of a run"
        self._refuse(node, sentence.format(what), value)


def dict_keys(values: RunValues, node: cst.CSTNode) -> list[str]:
    """The constant keys of a dict that stands in the module, ``dict(…)`` included."""
    if isinstance(node, cst.Dict):
        found = [values.texts(item.key) for item in node.elements if isinstance(item, cst.DictElement)]
        return [key for keys in found for key in keys or ()]
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "dict":
        return [argument.keyword.value for argument in node.args if argument.keyword is not None]
    return []
