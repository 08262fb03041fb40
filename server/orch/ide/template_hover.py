"""What is told of the thing under the cursor in a template."""

from collections.abc import Sequence

from orch.ide.results import Hover
from orch.ide.template_lenses import choice_line
from orch.ide.template_occurrences import home_of, link_target
from orch.ide.template_scope_at import attributes, readable
from orch.ide.template_spoken import attribute_places
from orch.ide.template_things import Thing, ThingKind, thing_at
from orch.ide.template_view import Desk
from orch.ide.template_words import TAGS, plain_doc
from orch.rules.template_builtins import Signature, filters, functions, tests
from orch.rules.template_chain import chain_of, parents_of
from orch.rules.template_context import Other
from orch.rules.template_variables import Known
from orch.syntax.jinja_names import BindKind

_JINJA = {
    "loop": "Tells of the turn of the loop: `loop.index`, `loop.first`, `loop.last` ...",
    "self": "This template's blocks: `self.name()` shows one of them again.",
    "super": "`super()` shows the block of the template that is extended.",
    "caller": "`caller()` shows the body of the `call` tag that calls this macro.",
    "varargs": "The values that the macro was given beyond its parameters.",
    "kwargs": "The keywords that the macro was given beyond its parameters.",
}


def template_hover(desk: Desk, offset: int) -> Hover | None:
    """What is known of the thing at `offset`."""
    thing = thing_at(desk.context, offset)
    text = _told(desk, thing) if thing is not None else None
    return Hover(thing.span, text) if thing is not None and text else None


def _told(desk: Desk, thing: Thing) -> str | None:
    match thing.kind:
        case ThingKind.FILTER:
            return _signature(filters().get(thing.name), "filter")
        case ThingKind.TEST:
            return _signature(tests().get(thing.name), "test")
        case ThingKind.TAG:
            return _tag(thing.name)
        case ThingKind.TEMPLATE:
            return _template(desk, thing)
        case ThingKind.BLOCK:
            return _block(desk, thing)
        case ThingKind.ATTRIBUTE:
            return _attribute(desk, thing)
        case ThingKind.INPUT | ThingKind.FREE | ThingKind.VARIABLE:
            return _name(desk, thing)
        case ThingKind.KEYWORD if thing.call is not None and home_of(desk, thing) is None:
            known = {**functions(), **tests(), **filters()}
            return _signature(known.get(thing.call.name), "call")
        case ThingKind.IMPORTED | ThingKind.KEYWORD:
            home = home_of(desk, thing)
            return _told(home.desk, home.thing) if home is not None else None


def _signature(signature: Signature | None, what: str) -> str | None:
    if signature is None:
        return None
    doc = plain_doc(signature.doc, 3)
    return f"```jinja\n{signature.label}\n```\n{what.capitalize()}" + (f"\n\n{doc}" if doc else "")


def _tag(name: str) -> str | None:
    if name in TAGS:
        closing = TAGS[name].closing
        return f"**{name}**: {TAGS[name].doc}" + (f"\n\nEnds with `{{% {closing} %}}`." if closing else "")
    opener = name.removeprefix("end")
    return f"Ends the `{opener}` block." if opener in TAGS else None


def _template(desk: Desk, thing: Thing) -> str | None:
    for link in chain_of(desk.context).own():
        if desk.context.place(link.asking.tag, link.span) == thing.span:
            if not isinstance(link.target, Other):
                return link.target.sentence
            line = choice_line(desk, link.name)
            return _other(link.target) + (f"\n\n{line}" if line else "")
    return None


def _other(other: Other) -> str:
    front = other.analysis.front
    lines = [f"**{other.key}**"]
    if front.description:
        lines.append(front.description)
    if front.inputs:
        lines.append("Inputs: " + ", ".join(f"`{name}`" for name in front.inputs))
    blocks = list(dict.fromkeys(block.bind.name for block in other.analysis.scopes.blocks))
    if blocks:
        lines.append("Blocks: " + ", ".join(f"`{name}`" for name in blocks))
    return "\n\n".join(lines)


def _block(desk: Desk, thing: Thing) -> str:
    above = [
        other.key
        for other in parents_of(desk.context).templates
        if any(block.bind.name == thing.name for block in other.analysis.scopes.blocks)
    ]
    if above:
        return f"Block `{thing.name}`, in place of that of `{above[0]}`."
    return f"Block `{thing.name}`: a template that extends this one can replace it."


def _attribute(desk: Desk, thing: Thing) -> str | None:
    path = thing.path
    if path is None or path.root is None:
        return _of_namespace(desk, thing)
    rest = "".join(f".{step.name}" if step.name is not None else "[0]" for step in path.steps[: thing.step])
    found = attributes(desk, thing.tag, path.root, rest).get(thing.name)
    if isinstance(found, Signature):
        return _signature(found, "macro")
    owner = path.root + rest
    if isinstance(found, Known):
        return _known(f"{owner}.{thing.name}", found)
    home = home_of(desk, thing)
    return _of_namespace(desk, home.thing) if home is not None else None


def _of_namespace(desk: Desk, thing: Thing) -> str | None:
    """The tags that make an attribute of a namespace."""
    if thing.kind is not ThingKind.ATTRIBUTE or thing.variable is None:
        return None
    tree = desk.context.tree
    places = [tree.tag_at(span.start) for span, made in attribute_places(desk, thing.variable, thing.name) if made]
    return _tags([index for index in places if index is not None], desk)


def _name(desk: Desk, thing: Thing) -> str | None:
    if thing.kind is ThingKind.INPUT:
        declared = desk.context.analysis.front.inputs.get(thing.name)
        return _input_line(thing.name, declared.description) if declared is not None else None
    if thing.variable is not None and thing.variable.kind is BindKind.IMPORT:
        target = link_target(desk, thing.variable.binds[0][0])
        return _other(target) if target is not None else None
    found = readable(desk, thing.tag).get(thing.name)
    if found is None or found.variable is not thing.variable:
        found = readable(desk, thing.tag + 1).get(thing.name)
    if found is None or found.variable is not thing.variable:
        return _of_variable(desk, thing)
    if found.signature is not None:
        return _signature(found.signature, found.what)
    if found.known is not None:
        return _known(thing.name, found.known, found.what)
    return _of_variable(desk, thing) if thing.variable is not None else _JINJA.get(thing.name)


def _of_variable(desk: Desk, thing: Thing) -> str | None:
    if thing.variable is None:
        return None
    return _tags([tag for tag, _ in thing.variable.binds], desk)


def _tags(indexes: Sequence[int], desk: Desk) -> str | None:
    """The first of those tags, as they stand."""
    tags = dict.fromkeys(desk.context.tree.tags[index].text for index in indexes[:3])
    return "\n".join(f"```jinja\n{text[:300]}\n```" for text in tags) or None


def _known(name: str, known: Known, what: str = "") -> str:
    title = f"**{name}**" + (f" ({known.shape.words})" if known.shape.kind != "any" else "")
    lines = [f"{title}{f', {what}' if what else ''}", known.doc]
    if known.sample:
        lines.append(f"For example: `{known.sample.splitlines()[0]}`")
    if known.shape.fields:
        lines.append("Has " + ", ".join(f"`{field}`" for field in known.shape.fields))
    return "\n\n".join(line for line in lines if line)


def _input_line(name: str, description: str) -> str:
    return f"**{name}**, input" + (f"\n\n{description}" if description else "")
