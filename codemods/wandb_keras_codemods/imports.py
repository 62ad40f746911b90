"""Adding imports: which name a rewritten expression uses, and where that name is imported."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
from libcst.metadata import BaseAssignment, ClassScope, GlobalScope, ImportAssignment, Scope

from .edits import Edit
from .names import MOVED_QUALIFIED, Target
from .statements import ImportStatement, after
from .view import ModuleView, first_name, sorted_assignments

_BLOCKS = (cst.If, cst.Try, cst.TryStar, cst.For, cst.While, cst.With, cst.Match)


class ImportPlanner:
    """Collects the imports a module comes to need, and places each once per scope."""

    def __init__(self, view: ModuleView, enabled: frozenset[str]) -> None:
        self._view = view
        self._enabled = enabled
        self._wanted: dict[int, tuple[ImportStatement, dict[str, list[str]]]] = {}
        self._starred = any(isinstance(node.names, cst.ImportStar) for node in view.nodes(cst.ImportFrom))

    def name_for(self, site: cst.BaseExpression, binders: Sequence[ImportAssignment], target: Target) -> str | None:
        """The expression that names ``target`` at ``site``, its import planned after the imports ``binders``.

        A plain name if it is free or already means the target in every scope between; else the module's dotted
        name; None if that is taken too, or if there is no safe place for the import.
        """
        module, name = target
        root = first_name(site)
        scope = self._view.scope(root) if root is not None else None
        if scope is None:
            return None
        places = self._places(binders)
        if places is None:
            return None
        bound = sorted_assignments(self._view, scope[name])
        if not bound and not (self._starred and self._unresolved(name)):
            self._want(places, f"from {module} import", name)
            return name
        if bound and all(self._means(found, target) for found in bound):
            if not any(self._serves(found, site, scope) for found in bound):
                self._want(places, f"from {module} import", name)
            return name
        taken = scope[module.partition(".")[0]]
        if all(isinstance(found, ImportAssignment) for found in taken):
            self._want(places, "import", module)
            return f"{module}.{name}"
        return None

    def edits(self) -> list[Edit]:
        """One edit per import statement that is followed by new ones."""
        return [
            after(self._view, node, [f"{head} {', '.join(sorted(names))}" for head, names in wanted.items()])
            for node, wanted in self._wanted.values()
        ]

    def want_after(self, node: ImportStatement, target: Target) -> None:
        """Import a name right after this statement, whatever else is in the module."""
        self._want([node], f"from {target[0]} import", target[1])

    def _want(self, places: Sequence[ImportStatement], head: str, name: str) -> None:
        for node in places:
            _, wanted = self._wanted.setdefault(id(node), (node, {}))
            names = wanted.setdefault(head, [])
            if name not in names:
                names.append(name)

    def _places(self, binders: Sequence[ImportAssignment]) -> list[ImportStatement] | None:
        """The statements to import after: all conditional ones up to the first that always runs."""
        places: list[ImportStatement] = []
        for found in binders:
            node = found.node
            if not self._scope_is(node, found.scope):
                return None  # ``global wandb`` and an import inside a function
            if node not in places:
                places.append(node)
            if self._unconditional(node):
                break
        return places

    def _scope_is(self, node: cst.CSTNode, scope: Scope) -> bool:
        owner = self._view.enclosing(node, (cst.FunctionDef, cst.ClassDef, cst.Lambda))
        if owner is None:
            return isinstance(scope, GlobalScope)
        if isinstance(owner, cst.ClassDef):
            return isinstance(scope, ClassScope)
        return not isinstance(scope, (GlobalScope, ClassScope)) and getattr(scope, "node", owner) is owner

    def _unconditional(self, node: cst.CSTNode) -> bool:
        for found in self._view.ancestors(node):
            if isinstance(found, _BLOCKS):
                return False
            if isinstance(found, (cst.FunctionDef, cst.ClassDef)):
                return True
        return True

    def _means(self, found: BaseAssignment, target: Target) -> bool:
        if not isinstance(found, ImportAssignment) or self._view.ignored(found.node):
            return False
        names = self._view.qualified(found, target[1])
        return bool(names) and all(
            name == ".".join(target) or (self._will_move and MOVED_QUALIFIED.get(name) == target) for name in names
        )

    @property
    def _will_move(self) -> bool:
        return "WK001" in self._enabled

    def _serves(self, found: BaseAssignment, site: cst.CSTNode, scope: Scope) -> bool:
        """Whether an import that is there already has surely run when ``site`` runs."""
        if not isinstance(found, ImportAssignment) or not self._unconditional(found.node):
            return False
        return found.scope is not scope or self._view.start(found.node) < self._view.start(site)

    def _unresolved(self, name: str) -> bool:
        for node in self._view.loads(name):
            scope = self._view.scope(node)
            if scope is not None and not scope[name]:
                return True
        return False


