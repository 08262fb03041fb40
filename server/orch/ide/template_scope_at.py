"""What can be read at a place in a template, and what attributes it has."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from orch.ide.template_view import Desk
from orch.rules.template_builtins import Signature, functions, loop_attributes
from orch.rules.template_chain import chain_of
from orch.rules.template_context import Other, TemplateContext
from orch.rules.template_known import visible_inputs
from orch.rules.template_macros import exported_macro, macro_at
from orch.rules.template_scope import Scope, ScopeKind, Variable
from orch.rules.template_shapes import Shapes, exports, namespace_attributes
from orch.rules.template_variables import ANY, Known, Shape, known_input, variables_of
from orch.syntax.jinja_names import BindKind
from orch.syntax.jinja_tree import TemplateTree
from orch.syntax.jinja_uses import uses_of


@dataclass(frozen=True, slots=True)
class Readable:
    """A name that can be read: what it is (`variable`, `input`, `macro` ...), and what is known of it."""

    name: str
    what: str
    known: Known | None = None
    variable: Variable | None = None
    signature: Signature | None = None


def scopes_at(context: TemplateContext, tag: int) -> list[Scope]:
    """The scopes that the tag number `tag` can see, innermost first."""
    scopes = context.scopes
    around = [scope for scope in scopes.scopes if scope.tag < tag < (scope.end or len(context.tree.tags) + 1)]
    around = [scope for scope in around if scope is not scopes.root]
    around.sort(key=lambda scope: -scope.tag)
    seen: list[Scope] = []
    for scope in around:
        seen.append(scope)
        node = context.tree.tags[scope.tag].node
        if scope.kind is ScopeKind.BLOCK and not getattr(node, "scoped", False):
            break
    return [*seen, scopes.root]


def readable(desk: Desk, tag: int) -> dict[str, Readable]:
    """The names that can be read in the tag number `tag`, nearest meaning first."""
    context = desk.context
    found: dict[str, Readable] = {}
    late = False
    for scope in scopes_at(context, tag):
        for variable in scope.all.values():
            if late or any(bound < tag for bound, _ in variable.binds):
                found.setdefault(variable.name, _of_variable(desk, variable))
        for name in scope.implicit:
            found.setdefault(name, Readable(name, "Jinja"))
        late = late or scope.kind in (ScopeKind.MACRO, ScopeKind.BLOCK)
    for name, declared in visible_inputs(context).items():
        found.setdefault(name, Readable(name, "input", known_input(declared)))
    for name, known in variables_of(context.role).items():
        found.setdefault(name, Readable(name, "variable of Orch", known))
    for name, signature in functions().items():
        found.setdefault(name, Readable(name, "function", signature=signature))
    return found


def _of_variable(desk: Desk, variable: Variable) -> Readable:
    tag = variable.binds[0][0]
    if variable.kind is BindKind.MACRO:
        return Readable(
            variable.name, "macro", variable=variable, signature=macro_at(desk.context.analysis, tag).signature
        )
    if variable.kind is BindKind.FROM:
        return Readable(variable.name, "import", variable=variable, signature=_imported(desk, variable))
    return Readable(variable.name, _WHAT.get(variable.kind, "variable"), variable=variable)


_WHAT = {BindKind.FOR: "loop variable", BindKind.PARAMETER: "parameter", BindKind.IMPORT: "imported template"}


def _imported(desk: Desk, variable: Variable) -> Signature | None:
    target = Shapes(desk.context).link(variable.binds[0][0])
    tag = desk.context.tree.tags[variable.binds[0][0]]
    name = next((entry.name for entry in uses_of(tag).imported if entry.alias == variable.name), None)
    macro = exported_macro(target, name) if target is not None and name is not None else None
    return macro.signature if macro is not None else None


def tag_around(tree: TemplateTree, offset: int) -> int | None:
    """The tag that a cursor at `offset` stands in: also behind one on its line that is not finished yet."""
    index = tree.tag_at(offset)
    if index is None:
        before = bisect_right(tree.starts, offset) - 1
        if before >= 0 and _is_unfinished(tree, before):
            between = tree.text[tree.span(before).end : offset]
            if not between.strip() and "\n" not in between:
                return before
    return index


def _is_unfinished(tree: TemplateTree, index: int) -> bool:
    tag = tree.tags[index]
    return tag.problem is not None and not tag.text.endswith(("}}", "%}", "#}"))


_STEP = re.compile(r"\.\s*(\w+)|\[\s*(?:'([^']*)'|\"([^\"]*)\"|[^\]]*)\s*\]")


def attributes(desk: Desk, tag: int, root: str, rest: str) -> Mapping[str, Known | Signature | None]:
    """What `root` followed by `rest` (`.name`, `[0]` ...) has, by name, as far as it is known."""
    context = desk.context
    found = readable(desk, tag).get(root)
    if root == "loop" and (found is None or found.what == "Jinja"):
        return {name: Known(doc, ANY) for name, doc in loop_attributes().items()} if not rest else {}
    if root == "self" and not rest:
        return dict.fromkeys(_blocks(desk))
    variable = found.variable if found is not None else None
    shapes = Shapes(context)
    if variable is not None and variable.kind is BindKind.IMPORT and not rest:
        target = shapes.link(variable.binds[0][0])
        return _module(target) if target is not None else {}
    if variable is not None and not rest:
        kept = namespace_attributes(context, variable)
        if kept is not None:
            return dict.fromkeys(sorted(kept))
    shape = shapes.of_variable(variable) if variable is not None else shapes.of_free(root)
    shape = _follow(shape, rest)
    return dict(shape.fields) if shape.kind == "record" else {}


def _follow(shape: Shape, rest: str) -> Shape:
    for match in _STEP.finditer(rest):
        name = match[1] or match[2] or match[3]
        if shape.kind == "record" and name in shape.fields:
            shape = shape.fields[name].shape
        elif shape.kind == "list" and (name is None or name.isdigit()):
            shape = shape.item or ANY
        else:
            return ANY
    return shape


def _module(target: Other) -> dict[str, Known | Signature | None]:
    found: dict[str, Known | Signature | None] = {}
    for name in exports(target):
        macro = exported_macro(target, name)
        found[name] = macro.signature if macro is not None else None
    return found


def _blocks(desk: Desk) -> list[str]:
    names = [block.bind.name for block in desk.context.scopes.blocks]
    for other in chain_of(desk.context).templates.values():
        names += [block.bind.name for block in other.analysis.scopes.blocks]
    return list(dict.fromkeys(names))
