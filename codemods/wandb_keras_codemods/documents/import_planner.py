"""Adding imports: which name a rewritten expression uses, and where that name is imported."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
from libcst.metadata import BaseAssignment, ClassScope, GlobalScope, ImportAssignment, Scope

from .edits import Edit
from ..names import MOVED_QUALIFIED, Target
from .module import ModuleView, bound_name, first_name, module_name, sorted_assignments
from .import_statements import Group, ImportStatement, after, import_text, regroup

_BLOCKS = (cst.If, cst.Try, cst.TryStar, cst.For, cst.While, cst.With, cst.Match)


class ImportPlanner:
    """Collects the imports a module comes to need, and places each once per scope."""

    def __init__(self, view: ModuleView, enabled: frozenset[str]) -> None:
        self._view = view
        self._enabled = enabled
        self._wanted: dict[int, tuple[ImportStatement, dict[str, list[str]]]] = {}
        self._free: set[int] = set()
        self._releasing: dict[int, tuple[ImportStatement, set[str]]] = {}
        self._starred = any(isinstance(node.names, cst.ImportStar) for node in view.nodes(cst.ImportFrom))

    def name_for(
        self, site: cst.BaseExpression, binders: Sequence[ImportAssignment], target: Target, *, everywhere: bool = False
    ) -> str | None:
        """The expression that names ``target`` at ``site``, its import planned after the imports ``binders``.

        A plain name if it is free or already means the target in every scope between; else the module's dotted
        name; None if that is taken too, or if there is no safe place for the import. ``everywhere`` imports
        after every binder, not only after those that are needed.
        """
        module, name = target
        root = first_name(site)
        scope = self._view.scope(root) if root is not None else None
        if scope is None:
            return None
        places = self._places(binders, everywhere=everywhere)
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

    def names_for(
        self, site: cst.BaseExpression, binders: Sequence[ImportAssignment], targets: Sequence[Target]
    ) -> dict[str, str] | None:
        """:meth:`name_for` everywhere, for several targets: all of them, or None and nothing is planned."""
        planned = {
            key: (node, {head: [*names] for head, names in wanted.items()})
            for key, (node, wanted) in self._wanted.items()
        }
        found: dict[str, str] = {}
        for target in targets:
            local = self.name_for(site, binders, target, everywhere=True)
            if local is None:
                self._wanted = planned
                return None
            found[target[1]] = local
        return found

    def released(self, site: cst.BaseExpression, binders: Sequence[ImportAssignment]) -> None:
        """Say that ``site`` no longer uses the imports that bound its name; one that nothing uses goes."""
        root = first_name(site)
        assert root is not None
        self._free.add(id(root))
        for found in binders:
            if isinstance(found.node, (cst.Import, cst.ImportFrom)):
                self._releasing.setdefault(id(found.node), (found.node, set()))[1].add(root.value)

    def edits(self) -> list[Edit]:
        """What adds the planned imports, and drops those that are no longer used."""
        edits: list[Edit] = []
        for key, (node, wanted) in self._wanted.items():
            statements = [import_text(self._view, node, head, sorted(names)) for head, names in wanted.items()]
            unused = {name for name in self._releasing.get(key, (node, set()))[1] if self._unused(node, name)}
            if not unused or isinstance(node.names, cst.ImportStar):
                edits.append(after(self._view, node, statements))
                continue
            kept = tuple(index for index, alias in enumerate(node.names) if bound_name(alias) not in unused)
            head = f"from {module_name(node)} import " if isinstance(node, cst.ImportFrom) else "import "
            groups = [Group(head, kept, {})] if kept else []
            edits += regroup(self._view, node, groups, further=statements)
        return edits

    def _unused(self, node: ImportStatement, name: str) -> bool:
        """Whether nothing is left that uses a name this import binds, ``__all__`` included."""
        if any(text.value[1:-1] == name for text in self._view.nodes(cst.SimpleString)):
            return False
        for load in self._view.loads(name):
            scope = self._view.scope(load)
            bound = scope[name] if scope is not None else set()
            stand_in = isinstance(self._view.parent(load), cst.AssignTarget)
            if (
                id(load) not in self._free
                and not stand_in
                and any(getattr(found, "node", None) is node for found in bound)
            ):
                return False
        return True

    def _want(self, places: Sequence[ImportStatement], head: str, name: str) -> None:
        for node in places:
            _, wanted = self._wanted.setdefault(id(node), (node, {}))
            names = wanted.setdefault(head, [])
            if name not in names:
                names.append(name)

    def _places(self, binders: Sequence[ImportAssignment], *, everywhere: bool) -> list[ImportStatement] | None:
        """The statements to import after: all conditional ones up to the first that always runs."""
        places: list[ImportStatement] = []
        for found in binders:
            node = found.node
            if not isinstance(node, (cst.Import, cst.ImportFrom)) or not self._scope_is(node, found.scope):
                return None  # ``global wandb`` and an import inside a function
            if node not in places:
                places.append(node)
            if self._unconditional(node) and not everywhere:
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
