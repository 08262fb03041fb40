"""Rules on what is called: filters, tests, functions, macros, and their arguments."""

import re
from collections.abc import Iterator
from dataclasses import replace

from orch.rules.finding import Finding, Fix, Related, Severity
from orch.rules.template_builtins import Parameter, Signature, functions, loop_method
from orch.rules.template_chain import chain_of
from orch.rules.template_context import TemplateContext, template_rule
from orch.rules.template_local import Local, check_call, local_findings
from orch.rules.template_macros import MacroCall, imported_calls, local_calls
from orch.rules.template_scope import Free
from orch.syntax.jinja_names import Call
from orch.syntax.jinja_uses import uses_of
from orch.text.span import TextEdit

_ASKED = {kind: re.compile(rf"\bis\s+(?:not\s+)?{kind}\b") for kind in ("filter", "test")}


@template_rule(
    name="unknown-filter",
    severity=Severity.ERROR,
    summary="There is no such filter",
    explanation=(
        "Jinja has no filter of this name, so the template cannot be rendered. The names that `map` is given are "
        "looked at too."
    ),
    bad="{{ title | upcase }}\n",
    good="{{ title | upper }}\n",
    slow=True,
)
def unknown_filter(context: TemplateContext) -> Iterator[Finding]:
    """Filters that Jinja has not. Silent where the template itself asks which filters there are."""
    return _unless_asked(context, "filter")


@template_rule(
    name="unknown-test",
    severity=Severity.ERROR,
    summary="There is no such test",
    explanation=(
        "Jinja has no test of this name behind `is`, so the template cannot be rendered. The names that `select` "
        "and `reject` are given are looked at too."
    ),
    bad="{% if request is emptyish %}Nothing to do{% endif %}\n",
    good="{% if request is undefined %}Nothing to do{% endif %}\n",
    slow=True,
)
def unknown_test(context: TemplateContext) -> Iterator[Finding]:
    """Tests that Jinja has not. Silent where the template itself asks which tests there are."""
    return _unless_asked(context, "test")


def _unless_asked(context: TemplateContext, kind: str) -> Iterator[Finding]:
    found = list(local_findings(context, f"unknown-{kind}"))
    return iter(() if found and _ASKED[kind].search(context.text) else found)


@template_rule(
    name="wrong-arguments",
    severity=Severity.ERROR,
    summary="A call's arguments do not fit",
    explanation=(
        "A filter, a test, a function of Jinja or a macro is called with too many values, with a keyword that it "
        "does not know, or without a value that it needs. The signatures are Jinja's own; for a macro, what it "
        "declares and uses counts, in this template or the one it is imported from. A macro that shows `caller()` "
        "in any case wants a body, from a `call` tag."
    ),
    bad="{{ request | replace('a') }}\n",
    good="{{ request | replace('a', 'b') }}\n",
    slow=True,
)
def wrong_arguments(context: TemplateContext) -> Iterator[Finding]:
    """Arguments that do not fit what is called."""
    yield from local_findings(context, "wrong-arguments")
    for entry in context.scopes.free:
        signature = _function(entry)
        if signature is not None:
            for call in _calls_at(context, entry):
                yield from _findings(context, entry.tag, check_call(call, signature))
    yield from _loop_calls(context)
    for made in local_calls(context.analysis):
        yield from _macro_call(context, made)
    if context.around is not None:
        for made in imported_calls(context.analysis, chain_of(context)):
            yield from _macro_call(context, made)


def _function(entry: Free) -> Signature | None:
    return functions().get(entry.read.name)


def _calls_at(context: TemplateContext, entry: Free) -> Iterator[Call]:
    for call in uses_of(context.tree.tags[entry.tag]).calls:
        if call.path == (entry.read.name,) and call.span == entry.read.span:
            yield call


def _findings(context: TemplateContext, tag: int, found: Iterator[Local]) -> Iterator[Finding]:
    for local in found:
        span = context.place(tag, local.span)
        fixes: tuple[Fix, ...] = ()
        if local.instead is not None:
            fixes = (Fix(f"Change to `{local.instead}`", (TextEdit(span, local.instead),), preferred=True),)
        yield Finding(local.rule, span, local.message, fixes=fixes)


def _loop_calls(context: TemplateContext) -> Iterator[Finding]:
    if any(variable.name == "loop" for variable in context.scopes.variables):
        return
    for index, uses in context.scopes.used:
        for call in uses.calls:
            if call.path is None or len(call.path) != 2 or call.path[0] != "loop":
                continue
            signature = loop_method(call.path[1])
            if signature is not None:
                yield from _findings(context, index, check_call(call, signature))


def _macro_call(context: TemplateContext, made: MacroCall) -> Iterator[Finding]:
    macro, call = made.macro, made.call
    own = macro.analysis is context.analysis
    related: tuple[Related, ...] = ()
    if own:
        related = (Related(context.tree.span(macro.tag), f"the macro `{macro.signature.name}`"),)
    given = any(argument.keyword == "caller" or argument.star == "**" for argument in call.arguments)
    if macro.needs_caller and not made.as_block and not given:
        name = macro.signature.name
        message = f"The macro `{name}` shows `caller()`, so it wants a body: `{{% call {name}() %}}`."
        yield Finding("wrong-arguments", context.place(made.tag, call.span), message, related=related)
    for local in _macro_problems(made):
        for finding in _findings(context, made.tag, iter((local,))):
            yield Finding(finding.rule, finding.span, finding.message, related=related, fixes=finding.fixes)
    if made.as_block and not macro.takes_caller and not macro.signature.more:
        message = f"The macro `{macro.signature.name}` shows no `caller()`, so it cannot be called with a body."
        yield Finding("wrong-arguments", context.place(made.tag, call.span), message, related=related)


def _macro_problems(made: MacroCall) -> Iterator[Local]:
    """As for any signature, but what is missing matters only where the macro surely uses it."""
    signature = made.macro.signature
    lenient = Signature(
        signature.name,
        tuple(p if p.name in made.macro.needed else _optional(p) for p in signature.parameters),
        signature.rest,
        signature.more or (made.macro.takes_caller and any(a.keyword == "caller" for a in made.call.arguments)),
    )
    yield from check_call(made.call, lenient)


def _optional(parameter: Parameter) -> Parameter:
    return parameter if parameter.default is not None else replace(parameter, default="")
