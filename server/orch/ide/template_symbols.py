"""The outline of a template: its inputs, blocks, macros and top-level variables, as they are nested."""

from collections.abc import Iterator
from itertools import pairwise

from orch.ide.results import Folding, Place, Symbol, WorkspaceSymbol
from orch.rules.template_context import Analysis, Other, TemplateContext
from orch.rules.template_macros import macro_at
from orch.syntax.jinja_names import BindKind
from orch.syntax.jinja_tag import Kind
from orch.syntax.jinja_tree import TemplateTree
from orch.syntax.jinja_uses import uses_of
from orch.text.span import Span

_KINDS = {"block": "class", "macro": "function"}


def template_symbols(context: TemplateContext) -> list[Symbol]:
    """The outline, in document order."""
    return [*_inputs(context.analysis), *_children(context.analysis, -1)]


def _inputs(analysis: Analysis) -> Iterator[Symbol]:
    tree, front = analysis.tree.front_tree, analysis.tree.front
    if tree is None or front is None:
        return
    for header in tree.headers:
        if len(header.path) == 2 and header.path[0] == "inputs":
            name = str(header.path[1])
            shift = front.body.start
            declared = analysis.front.inputs.get(name)
            detail = declared.description if declared is not None else ""
            span = Span(header.span.start + shift, max(header.body.end, header.span.end) + shift)
            yield Symbol(name, "field", span, header.key_spans[-1].shifted(shift), detail)


def _children(analysis: Analysis, parent: int) -> list[Symbol]:
    """The symbols directly inside the block `parent`; blocks that are no symbols hand theirs up."""
    tree = analysis.tree
    found: list[Symbol] = []
    for number, block in enumerate(tree.blocks.blocks):
        if block.parent != parent:
            continue
        tag = tree.tags[block.opener]
        inside = _children(analysis, number)
        kind, uses = _KINDS.get(tag.name), uses_of(tag)
        if kind is None or not uses.binds:
            found += inside
            continue
        bind = uses.binds[0]
        detail = macro_at(analysis, block.opener).signature.label if kind == "function" else "block"
        place = tree.place(block.opener, bind.span)
        found.append(Symbol(bind.name, kind, tree.block_span(number), place, detail, tuple(inside)))
    if parent < 0:
        found += _variables(analysis)
    return sorted(found, key=lambda symbol: symbol.span)


def _variables(analysis: Analysis) -> Iterator[Symbol]:
    tree = analysis.tree
    for variable in analysis.scopes.root.all.values():
        tag, bind = variable.binds[0]
        if bind.kind is BindKind.SET:
            yield Symbol(variable.name, "variable", tree.span(tag), tree.place(tag, bind.span))


def workspace_template_symbols(query: str, others: list[Other]) -> list[WorkspaceSymbol]:
    """The templates, blocks, macros and inputs whose name holds every word of `query`."""
    words = query.casefold().split()
    return [
        symbol
        for other in others
        for symbol in _of_template(other)
        if all(word in f"{symbol.name} {symbol.container}".casefold() for word in words)
    ]


def _of_template(other: Other) -> Iterator[WorkspaceSymbol]:
    yield WorkspaceSymbol(other.name, "file", Place(other.path), other.key)
    analysis = other.analysis
    for block in analysis.scopes.blocks:
        place = Place(other.path, analysis.tree.place(block.tag, block.bind.span))
        yield WorkspaceSymbol(block.bind.name, "class", place, other.key)
    for variable in analysis.scopes.root.all.values():
        if variable.kind is BindKind.MACRO:
            tag, bind = variable.binds[0]
            yield WorkspaceSymbol(
                variable.name, "function", Place(other.path, analysis.tree.place(tag, bind.span)), other.key
            )


def template_folding(tree: TemplateTree) -> list[Folding]:
    """What folds: blocks, branch by branch, long comments, and the front matter."""
    found: list[Folding] = []
    if tree.front is not None and tree.front.closed:
        found.append(Folding(Span(0, tree.front.body.end + 3), collapsed="+++"))
    for block in tree.blocks.blocks:
        last = block.closer if block.closer is not None else block.end
        parts = [block.opener, *block.dividers, last]
        for first, after in pairwise(parts):
            end = tree.starts[after] if after < len(tree.starts) else len(tree.text)
            found.append(Folding(Span(tree.starts[first], _before_line(tree.text, end))))
    for index, tag in enumerate(tree.tags):
        if tag.kind in (Kind.COMMENT, Kind.RAW):
            found.append(Folding(tree.span(index), "comment" if tag.kind is Kind.COMMENT else "region"))
    return [fold for fold in found if "\n" in fold.span.slice(tree.text)]


def _before_line(text: str, end: int) -> int:
    """The end of the last line before the one that `end` is on."""
    return max(text.rfind("\n", 0, end), 0)
