"""Macros: what they take, and which calls are calls of them."""

from collections.abc import Iterator
from typing import NamedTuple

from jinja2 import nodes

from orch.rules.template_builtins import Parameter, Signature
from orch.rules.template_chain import Chain
from orch.rules.template_context import Analysis, Other
from orch.rules.template_scope import Scope, ScopeKind, Variable
from orch.syntax.jinja_names import BindKind, Call, Uses
from orch.syntax.jinja_spans import expressions
from orch.syntax.jinja_tag import Tag
from orch.syntax.jinja_uses import uses_of
from orch.text.span import Span


class Macro(NamedTuple):
    """A macro where it is defined: the template, the number of its tag, and how it is called.

    `needed` are the parameters without a default that it reads in any case: a call must give them. `needs_caller`
    when it shows `caller()` in any case.
    """

    analysis: Analysis
    tag: int
    signature: Signature
    needed: tuple[str, ...]
    takes_caller: bool
    needs_caller: bool


class MacroCall(NamedTuple):
    """A call of a macro at the tag `tag`; `as_block` when it is made by a `call` tag."""

    tag: int
    call: Call
    macro: Macro
    as_block: bool


def macro_of(analysis: Analysis, variable: Variable) -> Macro | None:
    """The macro that a variable is, where it is surely one and only one."""
    if not variable.is_one_thing or variable.kind is not BindKind.MACRO:
        return None
    return macro_at(analysis, variable.binds[0][0])


def macro_at(analysis: Analysis, index: int) -> Macro:
    """The macro that the tag `index` defines."""
    tree = analysis.tree
    node = tree.tags[index].node
    assert isinstance(node, nodes.Macro)
    scope = next(scope for scope in analysis.scopes.scopes if scope.tag == index and scope.kind is ScopeKind.MACRO)
    words = _implicit_names(analysis, scope)
    required = len(node.args) - len(node.defaults)
    sources = _default_sources(tree.tags[index], node)
    parameters = tuple(
        Parameter(argument.name, None if number < required else sources[number - required])
        for number, argument in enumerate(node.args)
    )
    names = [argument.name for argument in node.args]
    signature = Signature(node.name, parameters, "varargs" in words, "kwargs" in words)
    needed = tuple(name for name in names[:required] if _is_needed(analysis, scope, name))
    takes_caller = "caller" in words or "caller" in names
    needs_caller = "caller" in words and "caller" not in names and _needs_caller(analysis, scope)
    return Macro(analysis, index, signature, needed, takes_caller, needs_caller)


def exported_macro(other: Other, name: str) -> Macro | None:
    """The macro that another template offers by that name."""
    variable = other.analysis.scopes.root.all.get(name)
    return macro_of(other.analysis, variable) if variable is not None else None


def local_calls(analysis: Analysis) -> Iterator[MacroCall]:
    """The calls of the template's own macros."""
    for variable in analysis.scopes.variables:
        macro = macro_of(analysis, variable) if variable.kind is BindKind.MACRO else None
        if macro is None:
            continue
        for index, read in variable.reads:
            uses = uses_of(analysis.tree.tags[index])
            for call in uses.calls:
                if call.path == (variable.name,) and call.span == read.span:
                    yield MacroCall(index, call, macro, _is_block(analysis.tree.tags[index], call))


def imported_calls(analysis: Analysis, chain: Chain) -> Iterator[MacroCall]:
    """The calls of macros that the template under check imports by constant names."""
    certain = (link for link in chain.own() if not link.wanted.choice and not link.wanted.dynamic)
    targets = {link.asking.tag: link.target for link in certain}
    for variable in analysis.scopes.variables:
        if not variable.is_one_thing or variable.kind not in (BindKind.IMPORT, BindKind.FROM):
            continue
        index = variable.binds[0][0]
        target = targets.get(index)
        if not isinstance(target, Other):
            continue
        for tag, read in variable.reads:
            uses = uses_of(analysis.tree.tags[tag])
            for call in uses.calls:
                name = _called(call, variable, analysis.tree.tags[index], uses, read.span)
                macro = exported_macro(target, name) if name is not None else None
                if macro is not None:
                    yield MacroCall(tag, call, macro, _is_block(analysis.tree.tags[tag], call))


def _called(call: Call, variable: Variable, tag: Tag, uses: Uses, span: Span) -> str | None:
    """The name of the other template's macro that `call` calls through the imported `variable`, read at `span`."""
    if variable.kind is BindKind.FROM:
        if call.path != (variable.name,) or call.span != span:
            return None
        return next((entry.name for entry in uses_of(tag).imported if entry.alias == variable.name), None)
    if call.path is None or len(call.path) != 2 or call.path[0] != variable.name:
        return None
    at = any(path.root_span == span and path.steps[0].span == call.span for path in uses.paths)
    return call.path[1] if at else None


def _is_block(tag: Tag, call: Call) -> bool:
    """Whether `call` is the one that a `call` tag makes, and not one in its arguments."""
    return isinstance(tag.node, nodes.CallBlock) and all(
        call.brackets.end >= other.brackets.end for other in uses_of(tag).calls
    )


def _implicit_names(analysis: Analysis, scope: Scope) -> set[str]:
    """Which of `caller`, `varargs` and `kwargs` the macro's body speaks of."""
    words: set[str] = set()
    for index in range(scope.tag, min(scope.end + 1, len(analysis.tree.tags))):
        uses = uses_of(analysis.tree.tags[index])
        for read in (*uses.reads, *uses.inner_reads):
            if read.name in ("caller", "varargs", "kwargs"):
                words.add(read.name)
    return words


def _default_sources(tag: Tag, node: nodes.Macro) -> list[str]:
    """The defaults of a macro's parameters as they are written, the last ones first known."""
    spans = {id(found): span for found, span in expressions(tag)}
    return [spans[id(default)].slice(tag.text) if id(default) in spans else "..." for default in node.defaults]


def _is_needed(analysis: Analysis, scope: Scope, name: str) -> bool:
    if name in analysis.scopes.tested:
        return False
    variable = scope.all.get(name)
    if variable is None or len(variable.binds) != 1:
        return False
    # read directly in the macro's body, and not only under some condition
    return any(
        not read.guarded
        and next(analysis.tree.enclosing(index), -1) == scope.block
        and _is_unconditional(analysis.tree.tags[index])
        for index, read in variable.reads
    )


def _needs_caller(analysis: Analysis, scope: Scope) -> bool:
    """Whether the macro's own body reads `caller` in any case, and never asks whether it is defined."""
    tree = analysis.tree
    if "caller" in analysis.scopes.tested:
        return False
    for index in range(scope.tag + 1, min(scope.end, len(tree.tags))):
        read = any(read.name == "caller" and not read.guarded for read in uses_of(tree.tags[index]).reads)
        if read and next(tree.enclosing(index), -1) == scope.block and _is_unconditional(tree.tags[index]):
            return True
    return False


def _is_unconditional(tag: Tag) -> bool:
    """Whether everything in the tag is surely read when it runs."""
    words = {token.value for token in tag.tokens.tokens[bool(tag.name) :] if token.type == "name"}
    return words.isdisjoint(("if", "and", "or"))
