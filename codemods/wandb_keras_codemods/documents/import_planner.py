"""Plans imports: chooses the name that a rewritten expression uses, and the place where it is imported."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst
from libcst.metadata import BaseAssignment, ClassScope, GlobalScope, ImportAssignment, Scope

from ..names import MOVED_QUALIFIED, Target
from .edits import Edit
from .import_statements import ImportGroup, ImportStatement, import_statement, insert_after, split_import
from .module import ModuleView, bound_name, first_name, module_name, sorted_assignments

_BLOCKS = (cst.If, cst.Try, cst.TryStar, cst.For, cst.While, cst.With, cst.Match)


class ImportPlanner:
    """Collects the imports that rewritten code needs, and adds each once per scope."""

    def __init__(self, view: ModuleView, *, old_imports_move: bool) -> None:
        """``old_imports_move``: another rule of the same pass moves the old ``from`` imports to the new modules."""
        self._view = view
        self._old_imports_move = old_imports_move
        self._planned: dict[int, tuple[ImportStatement, dict[str, list[str]]]] = {}
        self._rewritten_uses: set[int] = set()
        self._released: dict[int, tuple[ImportStatement, set[str]]] = {}
        self._has_star_import = any(isinstance(node.names, cst.ImportStar) for node in view.nodes(cst.ImportFrom))

    def name_for(
        self, site: cst.BaseExpression, binders: Sequence[ImportAssignment], target: Target, *, everywhere: bool = False
    ) -> str | None:
        """The expression that names ``target`` at ``site``, its import planned after the imports ``binders``.

        A plain name if it is unused, or already means the target, in all scopes from the import to ``site``; else the
        module's dotted name; None if that is taken too, or if there is no safe place for the import. ``everywhere``
        imports after every binder, not only after those that are needed.
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
        if not bound and not (self._has_star_import and self._view.is_used_unbound(name)):
            self._plan(places, f"from {module} import", name)
            return name
        if bound and all(self._binds_target(found, target) for found in bound):
            if not any(self._has_run_before(found, site, scope) for found in bound):
                self._plan(places, f"from {module} import", name)
            return name
        taken = scope[module.partition(".")[0]]
        if all(isinstance(found, ImportAssignment) for found in taken):
            self._plan(places, "import", module)
            return f"{module}.{name}"
        return None

    def names_for(
        self, site: cst.BaseExpression, binders: Sequence[ImportAssignment], targets: Sequence[Target]
    ) -> dict[str, str] | None:
        """:meth:`name_for` everywhere, for several targets: all of them, or None and nothing is planned."""
        planned = self._plan_so_far()
        found: dict[str, str] = {}
        for target in targets:
            local = self.name_for(site, binders, target, everywhere=True)
            if local is None:
                self._planned = planned
                return None
            found[target[1]] = local
        return found

    def has_names_for(
        self, site: cst.BaseExpression, binders: Sequence[ImportAssignment], targets: Sequence[Target]
    ) -> bool:
        """Whether :meth:`names_for` would find them; nothing is planned."""
        planned = self._plan_so_far()
        found = self.names_for(site, binders, targets)
        self._planned = planned
        return found is not None

    def _plan_so_far(self) -> dict[int, tuple[ImportStatement, dict[str, list[str]]]]:
        return {
            key: (node, {head: [*names] for head, names in names_by_head.items()})
            for key, (node, names_by_head) in self._planned.items()
        }

    def release(self, site: cst.BaseExpression, binders: Sequence[ImportAssignment]) -> None:
        """Note that ``site`` no longer uses the imports that bound its name; imports then unused are removed."""
        root = first_name(site)
        assert root is not None
        self._rewritten_uses.add(id(root))
        for found in binders:
            if isinstance(found.node, (cst.Import, cst.ImportFrom)):
                self._released.setdefault(id(found.node), (found.node, set()))[1].add(root.value)

    def edits(self) -> list[Edit]:
        """The edits that add the planned imports and remove those no longer used."""
        edits: list[Edit] = []
        nothing: dict[str, list[str]] = {}
        statements_of = {key: (node, nothing) for key, (node, _) in self._released.items()} | self._planned
        written: set[tuple[int, str, str]] = set()
        for key, (node, planned) in sorted(statements_of.items(), key=lambda item: self._view.start(item[1][0])):
            block = id(self._view.parent(self._view.parent(node) or node))
            names_by_head = {
                head: fresh
                for head, names in planned.items()
                if (fresh := [name for name in names if (block, head, name) not in written])
            }
            written |= {(block, head, name) for head, names in names_by_head.items() for name in names}
            unused = {name for name in self._released.get(key, (node, set()))[1] if self._unused(node, name)}
            kept = (
                ()
                if isinstance(node.names, cst.ImportStar)
                else tuple(index for index, alias in enumerate(node.names) if bound_name(alias) not in unused)
            )
            head = f"from {module_name(node)} import" if isinstance(node, cst.ImportFrom) else "import"
            joined = sorted(names_by_head.get(head, ())) if kept and isinstance(node, cst.ImportFrom) else []
            statements = [
                import_statement(self._view, node, other, sorted(names))
                for other, names in names_by_head.items()
                if not (joined and other == head)
            ]
            if not (unused or joined) or isinstance(node.names, cst.ImportStar):
                edits += [insert_after(self._view, node, statements)] if statements else []
                continue
            if not kept and not statements:
                continue  # a block may not be left empty; an import that nothing uses does no harm
            new_texts = {kept[-1]: ", ".join([self._view.code(node.names[kept[-1]]), *joined])} if joined else {}
            groups = [ImportGroup(f"{head} ", kept, new_texts)] if kept else []
            edits += split_import(self._view, node, groups, further=statements)
        return edits

    def _unused(self, node: ImportStatement, name: str) -> bool:
        """Whether nothing is left that uses a name this import binds, ``__all__`` included."""
        if any(text.value[1:-1] == name for text in self._view.nodes(cst.SimpleString)):
            return False
        if re.search(rf"\b{re.escape(name)}\b", self._view.hidden):
            return False
        for load in self._view.loads(name):
            scope = self._view.scope(load)
            bound = scope[name] if scope is not None else set()
            stand_in = isinstance(self._view.parent(load), cst.AssignTarget)
            if (
                id(load) not in self._rewritten_uses
                and not stand_in
                and any(getattr(found, "node", None) is node for found in bound)
            ):
                return False
        return True

    def _plan(self, places: Sequence[ImportStatement], head: str, name: str) -> None:
        for node in places:
            _, names_by_head = self._planned.setdefault(id(node), (node, {}))
            names = names_by_head.setdefault(head, [])
            if name not in names:
                names.append(name)

    def _places(self, binders: Sequence[ImportAssignment], *, everywhere: bool) -> list[ImportStatement] | None:
        """The statements to import after: all conditional ones up to the first that always runs."""
        places: list[ImportStatement] = []
        for found in binders:
            node = found.node
            if not isinstance(node, (cst.Import, cst.ImportFrom)) or not self._binds_in(node, found.scope):
                return None  # ``global wandb`` and an import inside a function
            if node not in places:
                places.append(node)
            if self._always_runs(node) and not everywhere:
                break
        return places

    def _binds_in(self, node: cst.CSTNode, scope: Scope) -> bool:
        owner = self._view.enclosing(node, (cst.FunctionDef, cst.ClassDef, cst.Lambda))
        if owner is None:
            return isinstance(scope, GlobalScope)
        if isinstance(owner, cst.ClassDef):
            return isinstance(scope, ClassScope)
        return not isinstance(scope, (GlobalScope, ClassScope)) and getattr(scope, "node", owner) is owner

    def _always_runs(self, node: cst.CSTNode) -> bool:
        for found in self._view.ancestors(node):
            if isinstance(found, _BLOCKS):
                return False
            if isinstance(found, (cst.FunctionDef, cst.ClassDef)):
                return True
        return True

    def _binds_target(self, found: BaseAssignment, target: Target) -> bool:
        if not isinstance(found, ImportAssignment) or self._view.ignored(found.node):
            return False
        names = self._view.qualified(found, target[1])
        return bool(names) and all(
            name == ".".join(target) or (self._old_imports_move and MOVED_QUALIFIED.get(name) == target)
            for name in names
        )

    def _has_run_before(self, found: BaseAssignment, site: cst.CSTNode, scope: Scope) -> bool:
        """Whether an existing import has certainly run before ``site`` does."""
        if not isinstance(found, ImportAssignment) or not self._always_runs(found.node):
            return False
        return found.scope is not scope or self._view.start(found.node) < self._view.start(site)
