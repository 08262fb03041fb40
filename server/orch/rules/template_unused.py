"""Rules on what nobody reads: variables, macros, imports and inputs."""

from collections.abc import Iterator, Sequence

from orch.rules.finding import Finding, Fix, Severity
from orch.rules.template_chain import chain_of, extends
from orch.rules.template_context import TemplateContext, template_rule
from orch.rules.template_flow import is_lost
from orch.rules.template_scope import Asking, Scope, ScopeKind, Variable
from orch.syntax.jinja_names import Bind, BindKind, Imported
from orch.syntax.jinja_uses import uses_of
from orch.syntax.toml_edit import Edited, Remove, edit_toml
from orch.text.span import Span, TextEdit
from orch.text.words import speaks_of

_EXPLAINED = (
    " Templates that include this one, or that it includes or extends, may read it: nothing is reported where that "
    "is possible. A name that begins with `_` is never reported."
)


@template_rule(
    name="unused-variable",
    severity=Severity.WARNING,
    summary="A variable is set and never read",
    explanation="A `set` or `with` gives a value to a name that nothing reads." + _EXPLAINED,
    bad="{% macro show(text) %}{% set short = text | truncate %}{{ text }}{% endmacro %}\n{{ show(request) }}\n",
    good="{% macro show(text) %}{% set short = text | truncate %}{{ short }}{% endmacro %}\n{{ show(request) }}\n",
    slow=True,
)
def unused_variable(context: TemplateContext) -> Iterator[Finding]:
    """Variables that only `set` or `with` bind and nothing reads."""
    lost = {id(entry.inner) for entry in context.scopes.lost if is_lost(entry)}
    for variable in _unread(context, BindKind.SET, BindKind.WITH):
        if id(variable) in lost or not _is_plain(context, variable):
            continue
        yield _unused(context, "unused-variable", variable, f"`{variable.name}` is set and never read.")


@template_rule(
    name="unused-macro",
    severity=Severity.WARNING,
    summary="A macro is never called",
    explanation="A macro is defined and nothing calls it." + _EXPLAINED,
    bad="{% block task %}{% macro item(x) %}- {{ x }}{% endmacro %}{{ request }}{% endblock %}\n",
    good="{% block task %}{% macro item(x) %}- {{ x }}{% endmacro %}{{ item(request) }}{% endblock %}\n",
    slow=True,
)
def unused_macro(context: TemplateContext) -> Iterator[Finding]:
    """Macros that nothing but themselves calls."""
    for variable in _unread(context, BindKind.MACRO):
        yield _unused(context, "unused-macro", variable, f"The macro `{variable.name}` is never called.")


@template_rule(
    name="unused-import",
    severity=Severity.WARNING,
    summary="An import is never used",
    explanation="A name is imported and nothing uses it." + _EXPLAINED,
    bad='{% import "lib/macros" as macros %}\n{{ request }}\n',
    good='{% import "lib/macros" as macros %}\n{{ macros.list(project.languages) }}\n',
    slow=True,
)
def unused_import(context: TemplateContext) -> Iterator[Finding]:
    """Imported templates and names that nothing reads."""
    for variable in _unread(context, BindKind.IMPORT, BindKind.FROM):
        yield _unused(context, "unused-import", variable, f"`{variable.name}` is imported and never used.")


def _unread(context: TemplateContext, *kinds: BindKind) -> Iterator[Variable]:
    """The variables of those kinds that surely nobody reads, in this template or another."""
    if context.tree.broken:
        return
    perhaps = {variable for entry in context.scopes.unsure for variable in entry.variables}
    for variable in context.scopes.variables:
        name = variable.name
        if variable.kind not in kinds or name.startswith("_") or _is_read(variable) or variable in perhaps:
            continue
        if any(bind.kind not in kinds for _, bind in variable.binds) or _may_be_seen(context, variable):
            continue
        yield variable


def _is_read(variable: Variable) -> bool:
    """Whether anything reads it; a macro that calls itself is not thereby read."""
    return any(not _inside_itself(variable, tag) for tag, _ in variable.reads)


def _inside_itself(variable: Variable, tag: int) -> bool:
    return variable.kind is BindKind.MACRO and any(
        scope.tag == variable.binds[0][0] and scope.tag < tag < scope.end for scope in _macros(variable.scope)
    )


def _macros(scope: Scope) -> Iterator[Scope]:
    return (child for child in scope.children if child.kind is ScopeKind.MACRO)


def _may_be_seen(context: TemplateContext, variable: Variable) -> bool:
    """Whether another template may read the variable."""
    name, scope = variable.name, variable.scope
    on_top = scope.kind is ScopeKind.TEMPLATE
    imported = variable.kind in (BindKind.IMPORT, BindKind.FROM)
    if on_top and context.around is None:
        return not imported or bool(context.scopes.asking[1:])
    if on_top and not imported and (context.role is None or not _is_own(context)):
        # a part is there for others, and those of a shared layer are not all known
        return True
    giving = any(asking.wanted.with_context and scope in asking.scope.around() for asking in _including(context))
    handed = _is_handed_on(context, scope)
    if giving or handed or (on_top and extends(context.analysis)):
        chain = chain_of(context)
        if not chain.complete or any(speaks_of(other.text, name) for other in chain.templates.values()):
            return True
    if handed and context.around is None:
        return True
    if (on_top or handed) and context.around is not None:
        return any(speaks_of(other.text, name) for other in context.around.dependents())
    return False


def _is_handed_on(context: TemplateContext, scope: Scope) -> bool:
    """Whether a scoped block stands in `scope`: what replaces it, or what it replaces, sees the scope too."""
    return any(block.scoped and scope in block.inside.around() for block in context.scopes.blocks)


def _is_own(context: TemplateContext) -> bool:
    return context.around is not None and context.around.key.startswith("project:")


def _including(context: TemplateContext) -> Iterator[Asking]:
    return (asking for asking in context.scopes.asking if asking.wanted.statement != "extends")


def _is_plain(context: TemplateContext, variable: Variable) -> bool:
    """Whether the assignment does nothing but give the value: no call, and no other name beside it that is read."""
    for tag, _ in variable.binds:
        uses = uses_of(context.tree.tags[tag])
        if uses.calls or (variable.kind is BindKind.SET and len(uses.binds) > 1):
            return False
    return True


def _unused(context: TemplateContext, rule: str, variable: Variable, message: str) -> Finding:
    tag, bind = variable.binds[0]
    span = context.place(tag, bind.span)
    return Finding(rule, span, message, fixes=tuple(_removal(context, variable, tag, bind)), unnecessary=True)


def _removal(context: TemplateContext, variable: Variable, tag: int, bind: Bind) -> Iterator[Fix]:
    tree = context.tree
    whole = tree.tags[tag]
    if len(variable.binds) != 1:
        return
    title = f"Remove `{bind.name}`"
    if bind.kind is BindKind.MACRO:
        number = next(n for n, block in enumerate(tree.blocks.blocks) if block.opener == tag)
        if tree.blocks.blocks[number].closer is not None:
            yield Fix(title, (TextEdit(_with_line(tree.text, tree.block_span(number)), ""),))
    elif whole.wants:
        return
    elif len(uses_of(whole).binds) == 1:
        yield Fix(title, (TextEdit(_with_line(tree.text, tree.span(tag)), ""),), preferred=True)
    elif bind.kind is BindKind.FROM:
        yield Fix(
            title, (TextEdit(context.place(tag, _of_several(uses_of(whole).imported, bind)), ""),), preferred=True
        )


def _of_several(imported: Sequence[Imported], bind: Bind) -> Span:
    """One of several names in a `from` tag, with a comma."""
    index = next(number for number, entry in enumerate(imported) if entry.alias_span == bind.span)
    if index:
        return Span(imported[index - 1].alias_span.end, bind.span.end)
    return Span(imported[0].span.start, imported[1].span.start)


def _with_line(text: str, span: Span) -> Span:
    """The whole line of a tag that stands alone on it, else the tag."""
    start = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
    end = text.find("\n", span.end)
    end = len(text) if end < 0 else end + 1
    alone = not text[start : span.start].strip() and not text[span.end : end].strip()
    return Span(start, end) if alone else span


@template_rule(
    name="unused-input",
    severity=Severity.WARNING,
    summary="An input is declared and never read",
    explanation="The front matter declares an input that no template of the prompt reads." + _EXPLAINED,
    bad='+++\n[inputs.depth]\ndefault = "normal"\n+++\n{{ request }}\n',
    good='+++\n[inputs.depth]\ndefault = "normal"\n+++\n{{ request }} ({{ depth }})\n',
    slow=True,
)
def unused_input(context: TemplateContext) -> Iterator[Finding]:
    """Inputs that neither this template nor one that it reaches, or that reaches it, reads."""
    tree, front = context.tree.front_tree, context.tree.front
    if tree is None or front is None or not context.analysis.front.inputs or context.tree.broken:
        return
    read = {entry.read.name for entry in context.scopes.free}
    read |= {entry.read.name for entry in context.scopes.unsure if entry.free}
    for name in context.analysis.front.inputs:
        if name in read or name.startswith("_") or _others_speak_of(context, name):
            continue
        header = tree.header(("inputs", name))
        entry = tree.entry(("inputs", name))
        span = header.key_spans[-1] if header is not None else entry.key_span if entry is not None else None
        if span is not None:
            message = f"The input `{name}` is declared and never read."
            place = span.shifted(front.body.start)
            fixes = tuple(_input_removal(context, name))
            yield Finding("unused-input", place, message, fixes=fixes, unnecessary=True)


def _input_removal(context: TemplateContext, name: str) -> Iterator[Fix]:
    front = context.tree.front
    assert front is not None
    edited = edit_toml(front.body.slice(context.text), [Remove(("inputs", name))])
    if isinstance(edited, Edited):
        edits = tuple(TextEdit(edit.span.shifted(front.body.start), edit.text) for edit in edited.edits)
        yield Fix(f"Remove the input `{name}`", edits, preferred=True)


def _others_speak_of(context: TemplateContext, name: str) -> bool:
    chain = chain_of(context)
    if not chain.complete or any(speaks_of(other.text, name) for other in chain.templates.values()):
        return True
    return context.around is not None and any(speaks_of(o.text, name) for o in context.around.dependents())
