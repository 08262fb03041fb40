"""What a tag reads, binds, calls and asks for, by name and place: all that the rules and the editor need of it.

Like the tag itself this follows from the tag's text alone, so it is worked out once for each text. Places are
offsets in the tag.
"""

from collections.abc import Iterator

from jinja2 import nodes

from orch.syntax.jinja_calls import named_call, plain_call
from orch.syntax.jinja_names import (
    NOTHING,
    Bind,
    BindKind,
    Imported,
    Path,
    Read,
    Step,
    Uses,
    Wanted,
)
from orch.syntax.jinja_spans import last_token
from orch.syntax.jinja_tag import Tag
from orch.text.span import Span


def uses_of(tag: Tag) -> Uses:
    """What `tag` does; nothing when it could not be parsed."""
    if tag.uses is None:
        tag.uses = _Collector(tag).collect() if tag.node is not None else NOTHING
    found: Uses = tag.uses
    return found


def literal_span(tag: Tag, index: int) -> Span:
    """The text between the quotes of the string that is the token `index`."""
    span = tag.tokens.spans[index]
    return Span(span.start + 1, span.end - 1)


_OPTIONAL_FILTERS = ("default", "d")
_OPTIONAL_TESTS = ("defined", "undefined")
_KINDS = ("none", "boolean", "true", "false", "integer", "float", "number", "string", "mapping", "sequence")
INDIFFERENT_TESTS = frozenset((*_KINDS, "callable", "sameas", "escaped"))
"""The tests that can be asked of an undefined value: they look at what kind of thing it is, not into it."""


class _Collector:
    def __init__(self, tag: Tag) -> None:
        self.tag = tag
        self.tokens = tag.tokens.tokens
        self.spans = tag.tokens.spans
        self.mates = tag.tokens.mates
        self.uses = Uses()
        self.tested: set[str] = set()
        self.known: set[tuple[str, str]] = set()
        self.slices: list[Span] = []

    def collect(self) -> Uses:
        node, uses = self.tag.node, self.uses
        assert node is not None
        self._statement(node)
        uses.tested, uses.known, uses.bad_slices = frozenset(self.tested), frozenset(self.known), tuple(self.slices)
        if len(uses.reads) > 1:
            uses.reads.sort(key=lambda read: read.span)
        return uses

    def _statement(self, node: nodes.Node) -> None:
        uses = self.uses
        match node:
            case nodes.For():
                self._expression(node.iter, uses.reads)
                self._targets(node.target, BindKind.FOR)
                if node.test is not None:
                    self._expression(node.test, uses.inner_reads)
            case nodes.If():
                self._expression(node.test, uses.reads)
            case nodes.Assign():
                self._expression(node.node, uses.reads)
                self._targets(node.target, BindKind.SET, node.node)
            case nodes.AssignBlock():
                self._targets(node.target, BindKind.SET)
                if node.filter is not None:
                    self._expression(node.filter, uses.inner_reads)
            case nodes.With():
                for target, value in zip(node.targets, node.values, strict=True):
                    self._expression(value, uses.reads)
                    self._targets(target, BindKind.WITH, value)
            case nodes.Macro():
                self._bind(node.name, 1, BindKind.MACRO)
                self._parameters(node)
            case nodes.CallBlock():
                self._expression(node.call, uses.reads)
                self._parameters(node)
            case nodes.FilterBlock():
                self._expression(node.filter, uses.inner_reads)
            case nodes.Scope():
                for child in node.body:
                    for option in getattr(child, "options", ()):
                        self._expression(option.value, uses.reads)
            case nodes.Block():
                self._bind(node.name, 1, BindKind.BLOCK)
            case nodes.Extends() | nodes.Include() | nodes.Import() | nodes.FromImport():
                self._wants(node)
            case nodes.Output():
                for child in node.nodes:
                    self._expression(child, uses.reads)
            case nodes.ExprStmt():
                self._expression(node.node, uses.reads)

    def _bind(self, name: str, index: int, kind: BindKind, source: nodes.Node | None = None) -> None:
        self.uses.binds.append(Bind(name, self.spans[index], kind, source))

    def _targets(self, target: nodes.Node, kind: BindKind, source: nodes.Node | None = None) -> None:
        match target:
            case nodes.Name():
                self._bind(target.name, target.lineno, kind, source)
            case nodes.NSRef():
                root, attribute = self.spans[target.lineno], self.spans[target.lineno + 2]
                self.uses.reads.append(Read(target.name, root))
                self.uses.paths.append(Path(target.name, root, (Step(target.attr, attribute),), stored=True))
            case nodes.Tuple():
                for item in target.items:
                    self._targets(item, kind)

    def _parameters(self, node: nodes.Macro | nodes.CallBlock) -> None:
        for argument in node.args:
            self._bind(argument.name, argument.lineno, BindKind.PARAMETER)
        for default in node.defaults:
            self._expression(default, self.uses.inner_reads)

    def _wants(self, node: nodes.Extends | nodes.Include | nodes.Import | nodes.FromImport) -> None:
        self._expression(node.template, self.uses.reads)
        names, dynamic = self._template_names(node.template)
        last = last_token(self.tag, node.template)
        self.uses.wanted = Wanted(
            self.tag.name,
            tuple(names),
            Span(self.spans[1].start, self.spans[last].end),
            dynamic,
            isinstance(node.template, nodes.List | nodes.Tuple | nodes.CondExpr),
            getattr(node, "ignore_missing", False),
            getattr(node, "with_context", True),
        )
        if isinstance(node, nodes.Import):
            self._bind(node.target, last + 2, BindKind.IMPORT)
        elif isinstance(node, nodes.FromImport):
            self._imports(node, last + 2)

    def _template_names(self, node: nodes.Expr) -> tuple[list[tuple[str, Span]], bool]:
        match node:
            case nodes.Const() if isinstance(node.value, str):
                last = node.lineno
                while last + 1 < len(self.tokens) and self.tokens[last + 1].type == "string":
                    last += 1
                return [(node.value, Span(self.spans[node.lineno].start + 1, self.spans[last].end - 1))], False
            case nodes.List() | nodes.Tuple():
                parts = [self._template_names(item) for item in node.items]
            case nodes.CondExpr():
                parts = [self._template_names(node.expr1)]
                if node.expr2 is not None:
                    parts.append(self._template_names(node.expr2))
            case _:
                return [], True
        return [name for names, _ in parts for name in names], any(dynamic for _, dynamic in parts)

    def _imports(self, node: nodes.FromImport, index: int) -> None:
        found = []
        for entry in node.names:
            while self.tokens[index].type == "comma":
                index += 1
            name, alias = entry if isinstance(entry, tuple) else (entry, entry)
            alias_index = index + 2 if isinstance(entry, tuple) else index
            found.append(Imported(name, self.spans[index], alias, self.spans[alias_index]))
            self._bind(alias, alias_index, BindKind.FROM)
            index = alias_index + 1
        self.uses.imported = tuple(found)

    def _expression(self, root: nodes.Node, reads: list[Read]) -> None:
        """Collects from an expression. With a stack of its own: expressions may be deeper than Python's."""
        stack: list[tuple[nodes.Node, bool, bool]] = [(root, False, False)]
        while stack:
            node, guarded, called = stack.pop()
            match node:
                case nodes.Name():
                    if node.ctx == "load":
                        reads.append(Read(node.name, self.spans[node.lineno], guarded))
                case nodes.Getattr() | nodes.Getitem():
                    stack += [(child, False, False) for child in self._path(node, guarded, called, reads)]
                case nodes.Filter():
                    self._filter(node)
                    optional = node.name in _OPTIONAL_FILTERS
                    if node.node is not None:
                        stack += [(child, optional or _asks(node), False) for child in _values(node)]
                    # `a | default(b) | default(c)`: what is undefined so far is what the next one asks about
                    stack += [(child, optional and guarded, False) for child in _arguments(node)]
                case nodes.Test():
                    self._test(node)
                    optional = node.name in _OPTIONAL_TESTS or node.name in INDIFFERENT_TESTS
                    stack.append((node.node, optional, False))
                    stack += [(child, False, False) for child in _arguments(node)]
                case nodes.CondExpr() if guarded:
                    stack += [(child, True, False) for child in (node.expr1, node.expr2) if child is not None]
                    stack.append((node.test, False, False))
                case nodes.And() | nodes.Or() if guarded:
                    stack += [(node.left, False, False), (node.right, True, False)]
                case nodes.Call():
                    self._call(node)
                    stack.append((node.node, False, True))
                    stack += [(child, False, False) for child in _arguments(node)]
                case nodes.Const():
                    pass
                case _:
                    stack += [(child, False, False) for child in node.iter_child_nodes()]

    def _path(self, node: nodes.Expr, guarded: bool, called: bool, reads: list[Read]) -> Iterator[nodes.Node]:
        """Takes a chain of attributes as a whole; gives the other expressions in it."""
        steps: list[Step] = []
        while isinstance(node, nodes.Getattr | nodes.Getitem):
            at = node.lineno
            if isinstance(node, nodes.Getattr):
                steps.append(Step(node.attr, self.spans[at + 1]))
            elif isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
                steps.append(Step(node.arg.value, literal_span(self.tag, node.arg.lineno), True))
            else:
                if isinstance(node.arg, nodes.Tuple) and any(isinstance(i, nodes.Slice) for i in node.arg.items):
                    self.slices.append(Span(self.spans[at].start, self.spans[self.mates[at]].end))
                end = self.mates.get(at, at + 1)
                steps.append(Step(None, Span(self.spans[at].start, self.spans[end].end), True))
                yield node.arg
            node = node.node
        steps.reverse()
        if isinstance(node, nodes.Name):
            span = self.spans[node.lineno]
            reads.append(Read(node.name, span))
            self.uses.paths.append(Path(node.name, span, tuple(steps), guarded, called))
            if guarded and steps[-1].name is not None:
                self.known.add((node.name, ".".join(step.name or "" for step in steps)))
        else:
            self.uses.paths.append(Path(None, Span(0, 0), tuple(steps), guarded, called))
            yield node

    def _filter(self, node: nodes.Filter) -> None:
        self.uses.filters.append(named_call(self.tag, node, node.lineno))

    def _test(self, node: nodes.Test) -> None:
        start = node.lineno + 1
        if (
            self.tokens[start].value == "not"
            and start + 1 < len(self.tokens)
            and self.tokens[start + 1].type == "name"
        ):
            start += 1
        self.uses.tests.append(named_call(self.tag, node, start))
        if node.name in _OPTIONAL_TESTS and isinstance(node.node, nodes.Name):
            self.tested.add(node.node.name)

    def _call(self, node: nodes.Call) -> None:
        self.uses.calls.append(plain_call(self.tag, node))


def _asks(node: nodes.Filter) -> bool:
    """Whether a filter picks values by whether they are defined: `[a, b] | select("defined")`."""
    first = node.args[0] if node.name in ("select", "reject") and node.args else None
    return isinstance(first, nodes.Const) and first.value in _OPTIONAL_TESTS


def _values(node: nodes.Filter) -> Iterator[nodes.Node]:
    """What a filter is applied to: of a list that it picks from, each value by itself."""
    if _asks(node) and isinstance(node.node, nodes.List | nodes.Tuple):
        yield from node.node.items
    elif node.node is not None:
        yield node.node


def _arguments(node: nodes.Call | nodes.Filter | nodes.Test) -> Iterator[nodes.Node]:
    yield from node.args
    for keyword in node.kwargs:
        yield keyword.value
    if node.dyn_args is not None:
        yield node.dyn_args
    if node.dyn_kwargs is not None:
        yield node.dyn_kwargs
