"""What is known of values: followed from the variables of Orch through `for`, `set` and attributes."""

from collections.abc import Iterator, Mapping

from jinja2 import nodes

from orch.rules.finding import Finding
from orch.rules.template_builtins import loop_attributes
from orch.rules.template_chain import Link, chain_of
from orch.rules.template_context import Other, TemplateContext, unknown_name
from orch.rules.template_known import visible_inputs
from orch.rules.template_scope import Variable
from orch.rules.template_variables import ANY, EVERY, Known, Shape, known_input
from orch.syntax.jinja_names import BindKind, Path
from orch.syntax.jinja_uses import uses_of
from orch.text.span import Span

_DEPTH = 10


class Shapes:
    """The shapes of the variables of one template."""

    def __init__(self, context: TemplateContext) -> None:
        self.context = context
        self.free = {(entry.tag, entry.read.span): entry for entry in context.scopes.free}
        self.by_read: dict[tuple[int, Span], Variable] = {}
        for variable in context.scopes.variables:
            for tag, read in variable.reads:
                self.by_read[tag, read.span] = variable
        self._links: dict[int, Link] | None = None

    def check(self, tag: int, path: Path, is_free: bool) -> Iterator[Finding]:
        """The first attribute of `path` that is surely not there."""
        assert path.root is not None
        variable = self.by_read.get((tag, path.root_span))
        if variable is not None and variable.kind is BindKind.IMPORT and variable.is_one_thing:
            yield from self._module(tag, path, variable)
            return
        if variable is not None and self._is_namespace(variable):
            yield from self._namespace(tag, path, variable)
            return
        if variable is None and not is_free:
            if path.root == "loop":
                yield from self._loop(tag, path)
            return
        shape = self.of_variable(variable) if variable is not None else self.of_free(path.root)
        yield from self._steps(tag, path, shape, path.root)

    def _steps(self, tag: int, path: Path, shape: Shape, name: str) -> Iterator[Finding]:
        for number, step in enumerate(path.steps):
            last = number == len(path.steps) - 1
            if shape.kind == "list" and step.name is None:
                shape, name = shape.item or ANY, f"{name}[...]"
            elif shape.kind == "record" and step.name is not None:
                if step.name not in shape.fields:
                    if not (last and path.guarded):
                        yield self._unknown(tag, step.span, name, step.name, shape.fields)
                    return
                shape, name = shape.fields[step.name].shape, f"{name}.{step.name}"
            else:
                return

    def _unknown(self, tag: int, span: Span, owner: str, name: str, known: Mapping[str, object]) -> Finding:
        place = self.context.place(tag, span)
        return unknown_name("undefined-attribute", place, f"`{owner}` has no `{name}`", name, list(known))

    def _loop(self, tag: int, path: Path) -> Iterator[Finding]:
        step = path.steps[0]
        if step.name is not None and step.name not in loop_attributes() and not step.name.startswith("_"):
            yield self._unknown(tag, step.span, "loop", step.name, loop_attributes())

    def _module(self, tag: int, path: Path, variable: Variable) -> Iterator[Finding]:
        target = self.link(variable.binds[0][0])
        step = path.steps[0]
        if target is None or step.name is None or (path.guarded and len(path.steps) == 1):
            return
        scopes = target.analysis.scopes
        if step.name in scopes.uncertain or target.analysis.tree.broken or step.name.startswith("__"):
            return
        exported = exports(target)
        if step.name not in exported:
            yield self._unknown(tag, step.span, variable.name, step.name, dict.fromkeys(exported))

    def _is_namespace(self, variable: Variable) -> bool:
        return bool(namespace_attributes(self.context, variable))

    def _namespace(self, tag: int, path: Path, variable: Variable) -> Iterator[Finding]:
        attributes = namespace_attributes(self.context, variable)
        step = path.steps[0]
        if (
            attributes is None
            or step.name is None
            or step.name in attributes
            or (path.guarded and len(path.steps) == 1)
        ):
            return
        if step.name.startswith("_") or not _stays_here(self.context, variable):
            return
        yield self._unknown(tag, step.span, variable.name, step.name, dict.fromkeys(attributes))

    def link(self, tag: int) -> Other | None:
        """The template that the `import` or `from` tag asks for, where it is certain."""
        if self._links is None:
            self._links = {link.asking.tag: link for link in chain_of(self.context).own()}
        link = self._links.get(tag)
        if link is None or link.wanted.choice or link.wanted.dynamic or not isinstance(link.target, Other):
            return None
        return link.target

    def of_free(self, name: str) -> Shape:
        """The shape of a variable from outside. An input of the same name may be anything."""
        declared = visible_inputs(self.context).get(name)
        if declared is not None:
            return known_input(declared).shape
        around = self.context.around
        if around is not None and any(_binds(other, name) for other in around.dependents()):
            return ANY
        known = EVERY.get(name)
        return known.shape if known is not None else ANY

    def of_variable(self, variable: Variable, depth: int = 0) -> Shape:
        """The shape of a variable that the template sets once, from an expression that is followed easily."""
        if not variable.is_one_thing or depth > _DEPTH:
            return ANY
        tag, bind = variable.binds[0]
        node = self.context.tree.tags[tag].node
        if isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
            shape = self._of_expression(tag, node.iter, depth + 1)
            return shape.item or ANY if shape.kind == "list" else ANY
        if bind.source is not None:
            return self._of_expression(tag, bind.source, depth + 1)
        return ANY

    def _of_expression(self, tag: int, node: nodes.Node, depth: int) -> Shape:
        steps: list[str | None] = []
        while isinstance(node, nodes.Getattr | nodes.Getitem):
            if isinstance(node, nodes.Getattr):
                steps.append(node.attr)
            else:
                constant = isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str)
                steps.append(node.arg.value if isinstance(node.arg, nodes.Const) and constant else None)
                if isinstance(node.arg, nodes.Slice):
                    return ANY
            node = node.node
        if not isinstance(node, nodes.Name):
            return ANY
        shape = self._of_name(tag, node, depth)
        for step in reversed(steps):
            if shape.kind == "record" and step is not None:
                known = shape.fields.get(step)
                shape = known.shape if isinstance(known, Known) else ANY
            elif shape.kind == "list" and step is None:
                shape = shape.item or ANY
            else:
                return ANY
        return shape

    def _of_name(self, tag: int, node: nodes.Name, depth: int) -> Shape:
        span = self.context.tree.tags[tag].tokens.spans[node.lineno]
        variable = self.by_read.get((tag, span))
        if variable is not None:
            return self.of_variable(variable, depth)
        return self.of_free(node.name) if (tag, span) in self.free else ANY


def exports(other: Other) -> list[str]:
    """The names that an importing template can take from `other`: its own, not those that it imports."""
    variables = other.analysis.scopes.root.all.values()
    return [
        v.name for v in variables if not v.name.startswith("_") and v.binds[-1][1].kind not in ("import", "from")
    ]


def namespace_attributes(context: TemplateContext, variable: Variable) -> set[str] | None:
    """What a namespace was ever given; None for a variable that is no namespace, or one that may have more."""
    if not variable.is_one_thing or not isinstance(variable.binds[0][1].source, nodes.Call):
        return None
    call = variable.binds[0][1].source
    plain = isinstance(call.node, nodes.Name) and call.node.name == "namespace"
    if not plain or call.args or call.dyn_args is not None or call.dyn_kwargs is not None:
        return None
    attributes = {keyword.key for keyword in call.kwargs}
    for tag, _ in variable.reads:
        for path in uses_of(context.tree.tags[tag]).paths:
            if path.stored and path.root == variable.name and path.steps[0].name is not None:
                attributes.add(path.steps[0].name)
    return attributes


def _stays_here(context: TemplateContext, variable: Variable) -> bool:
    """Whether every use of a namespace is an attribute of it: then no one else can have added to it."""
    for tag, read in variable.reads:
        if not any(path.root_span == read.span for path in uses_of(context.tree.tags[tag]).paths):
            return False
    return not any(asking.wanted.with_context for asking in context.scopes.asking)


def _binds(other: Other, name: str) -> bool:
    return any(variable.name == name for variable in other.analysis.scopes.variables)
