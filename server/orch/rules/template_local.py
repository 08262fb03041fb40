"""What can be said of a tag by itself: worked out once for each text of a tag, and remembered with it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from jinja2 import nodes

from orch.rules.finding import Finding, Fix
from orch.rules.template_builtins import Signature, filters, tests
from orch.rules.template_context import TemplateContext
from orch.syntax.jinja_names import Argument, BindKind, Call, Uses
from orch.text.similar import closest
from orch.text.span import Span, TextEdit


class Local(NamedTuple):
    """A problem in a tag: the rule, the place in the tag, one plain sentence, and what should stand there."""

    rule: str
    span: Span
    message: str
    instead: str | None = None


def local_findings(context: TemplateContext, rule: str) -> Iterator[Finding]:
    """The findings of `rule` that follow from the tags by themselves."""
    found = context.memory.get("local")
    if not isinstance(found, dict):
        found = context.memory["local"] = _by_rule(context)
    for index, local in found.get(rule, ()):
        span = context.place(index, local.span)
        fixes: tuple[Fix, ...] = ()
        if local.instead is not None:
            fixes = (Fix(f"Change to `{local.instead}`", (TextEdit(span, local.instead),), preferred=True),)
        yield Finding(rule, span, local.message, fixes=fixes)


def _by_rule(context: TemplateContext) -> dict[str, list[tuple[int, Local]]]:
    found: dict[str, list[tuple[int, Local]]] = {}
    for index, uses in context.scopes.used:
        if uses.checked is None:
            uses.checked = tuple(_check(uses))
        for local in uses.checked:
            found.setdefault(local.rule, []).append((index, local))
    return found


def _check(uses: Uses) -> Iterator[Local]:
    for call in uses.filters:
        yield from _named(call, "filter")
    for call in uses.tests:
        yield from _named(call, "test")
    for call in (*uses.calls, *uses.filters, *uses.tests):
        yield from _repeated(call)
    parameters: set[str] = set()
    for bind in uses.binds:
        if bind.kind is BindKind.PARAMETER:
            if bind.name in parameters:
                yield Local("duplicate-argument", bind.span, f"The parameter `{bind.name}` is declared twice.")
            parameters.add(bind.name)
    for span in uses.bad_slices:
        yield Local("wrong-arguments", span, "A slice stands alone in its brackets: nothing may follow a comma.")


def _named(call: Call, kind: str) -> Iterator[Local]:
    known = filters() if kind == "filter" else tests()
    signature = known.get(call.name)
    if signature is None:
        yield unknown(kind, call.name, call.span)
        return
    yield from check_call(call, signature)
    if kind == "filter":
        yield from _inner(call)


def unknown(kind: str, name: str, span: Span) -> Local:
    """There is no filter, or no test, of that name."""
    other, article = (tests(), "test") if kind == "filter" else (filters(), "filter")
    known = filters() if kind == "filter" else tests()
    meant = closest(name, [entry for entry in known if entry[0].isalpha()])
    if meant is not None:
        return Local(f"unknown-{kind}", span, f"There is no {kind} `{name}`; did you mean `{meant}`?", meant)
    if name in other:
        word = "is" if kind == "filter" else "|"
        return Local(
            f"unknown-{kind}", span, f"There is no {kind} `{name}`; it is a {article}, used with `{word}`."
        )
    return Local(f"unknown-{kind}", span, f"There is no {kind} `{name}`.")


_APPLYING = {
    "map": ("filter", 0),
    "select": ("test", 0),
    "reject": ("test", 0),
    "selectattr": ("test", 1),
    "rejectattr": ("test", 1),
}


def _inner(call: Call) -> Iterator[Local]:
    """Filters that apply another filter or a test, whose name is given as a text: `map("upper")`."""
    if call.name not in _APPLYING:
        return
    kind, index = _APPLYING[call.name]
    arguments = call.arguments
    placed = [argument for argument in arguments if not argument.keyword and not argument.star]
    if any(argument.star for argument in arguments):
        return
    if len(placed) <= index:
        if not placed and call.name in ("selectattr", "rejectattr"):
            yield Local("wrong-arguments", call.span, f"`{call.name}` needs the name of an attribute.")
        elif call.name == "map" and not any(argument.keyword == "attribute" for argument in arguments):
            yield Local("wrong-arguments", call.span, "`map` needs the name of a filter, or `attribute=`.")
        return
    name = placed[index]
    if not isinstance(name.value, nodes.Const) or not isinstance(name.value.value, str):
        return
    span = Span(name.span.start + 1, name.span.end - 1)
    signature = (filters() if kind == "filter" else tests()).get(name.value.value)
    if signature is None:
        yield unknown(kind, name.value.value, span)
        return
    rest = tuple(argument for argument in arguments if argument not in placed[: index + 1])
    yield from check_call(Call(name.value.value, span, call.brackets, rest), signature)


def _repeated(call: Call) -> Iterator[Local]:
    seen: set[str] = set()
    for argument in call.arguments:
        if argument.keyword is None:
            continue
        if argument.keyword in seen:
            assert argument.keyword_span is not None
            message = f"`{argument.keyword}` is given twice in this call; remove one."
            yield Local("duplicate-argument", argument.keyword_span, message)
        seen.add(argument.keyword)


def check_call(call: Call, signature: Signature) -> Iterator[Local]:
    """What is wrong with the arguments of `call`, as far as it is certain."""
    if signature.uncertain:
        return
    unpacked = {argument.star for argument in call.arguments}
    placed = [argument for argument in call.arguments if not argument.keyword and not argument.star]
    slots = [parameter for parameter in signature.parameters if parameter.placed]
    yield from _too_many(signature, placed, len(slots))
    by_place = {parameter.name for parameter in slots[: len(placed)]}
    named = {parameter.name for parameter in signature.parameters if parameter.named}
    yield from _keywords(call.arguments, signature, by_place, named)
    if unpacked & {"*", "**"}:
        return
    given = by_place | {argument.keyword for argument in call.arguments if argument.keyword}
    missing = [p.name for p in signature.parameters if p.default is None and p.name not in given]
    if missing:
        listed = " and ".join(f"`{name}`" for name in missing)
        yield Local("wrong-arguments", call.span, f"`{signature.name}` needs a value for {listed}.")


def _too_many(signature: Signature, placed: list[Argument], most: int) -> Iterator[Local]:
    if signature.rest or len(placed) <= most:
        return
    span = Span(placed[most].span.start, placed[-1].span.end)
    number = "no values" if not most else "one value" if most == 1 else f"{most} values"
    yield Local(
        "wrong-arguments", span, f"`{signature.name}` takes {number}{' at most' if most else ''}; remove this."
    )


def _keywords(
    arguments: Iterable[Argument], signature: Signature, by_place: set[str], named: set[str]
) -> Iterator[Local]:
    for argument in arguments:
        name, span = argument.keyword, argument.keyword_span
        if name is None or span is None:
            continue
        if name in by_place and name in named:
            yield Local("wrong-arguments", span, f"`{name}` is given already, by its position; remove one.")
        elif name not in named and not signature.more:
            meant = closest(name, named)
            suggestion = f"; did you mean `{meant}`?" if meant else "."
            message = f"`{signature.name}` has no parameter `{name}`{suggestion}"
            yield Local("wrong-arguments", span, message, meant)
