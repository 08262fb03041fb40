"""From a name in a template to where it is made or used: definition, references, highlights, links, rename."""

from itertools import groupby

from orch.ide.results import FileChange, Link, Place
from orch.ide.template_occurrences import Occurrence, home_of, link_target, occurrences
from orch.ide.template_spoken import is_given_by_others, makers
from orch.ide.template_things import Thing, ThingKind, thing_at
from orch.ide.template_view import Desk
from orch.rules.template_chain import chain_of, parents_of
from orch.rules.template_context import Other
from orch.syntax.jinja_names import BindKind
from orch.text.span import Span, TextEdit

_FIXED = frozenset({"loop", "self", "super", "caller", "varargs", "kwargs", "true", "false", "none"})


def template_definition(desk: Desk, offset: int) -> list[Place]:
    """Where what stands at `offset` is made; a template's name leads to its file."""
    thing = thing_at(desk.context, offset)
    if thing is None:
        return []
    if thing.kind is ThingKind.TEMPLATE:
        target = _target_of_name(desk, thing)
        return [Place(target.path)] if target is not None and target.path is not None else []
    if thing.kind is ThingKind.FREE and thing.name == "super":
        return _parent_block(desk, thing.tag)
    if thing.kind is ThingKind.BLOCK and _is_opening(desk, thing):
        return _parent_block(desk, thing.tag) or [Place(None, thing.span)]
    if thing.kind is ThingKind.VARIABLE and thing.variable is not None and thing.variable.kind is BindKind.IMPORT:
        target = link_target(desk, thing.variable.binds[0][0])
        if target is not None and target.path is not None:
            return [Place(target.path)]
    return [Place(found.path, found.span) for found in occurrences(desk, thing) if found.defines]


def template_references(desk: Desk, offset: int) -> list[Place]:
    """Every place of what stands at `offset`, in all templates of the project."""
    thing = thing_at(desk.context, offset)
    return [Place(found.path, found.span) for found in occurrences(desk, thing)] if thing is not None else []


def template_highlights(desk: Desk, offset: int) -> list[Span]:
    """The places in this document of what stands at `offset`; of a block's tag, its other tags."""
    thing = thing_at(desk.context, offset)
    if thing is None:
        return []
    if thing.kind is ThingKind.TAG:
        return _block_tags(desk, thing)
    return [found.span for found in occurrences(desk, thing) if found.path is None]


def template_links(desk: Desk) -> list[Link]:
    """The names of other templates, each a link to its file."""
    return [
        Link(desk.context.place(link.asking.tag, link.span), link.target.path, f"Open {link.target.key}")
        for link in chain_of(desk.context).own()
        if isinstance(link.target, Other) and link.target.path is not None
    ]


def template_rename_span(desk: Desk, offset: int) -> Span | None:
    """The name at `offset` if it can be renamed: one that a template of the project makes."""
    thing = thing_at(desk.context, offset)
    if thing is None or not _renameable(desk, thing):
        return None
    return thing.span


def template_rename(desk: Desk, offset: int, name: str) -> list[FileChange] | str:
    """The edits that rename what stands at `offset`, file by file; a sentence where that cannot be."""
    thing = thing_at(desk.context, offset)
    if thing is None or not _renameable(desk, thing):
        return "This cannot be renamed: no template of the project makes this name."
    if not name.isidentifier():
        return f"`{name}` is not a name: use letters, digits and `_`."
    if name in _FIXED:
        return f"`{name}` means something to Jinja already; choose another name."
    if thing.kind is ThingKind.FREE and len(makers(desk, thing.name)) > 1:
        return "This cannot be renamed here: several templates that include this one give it a value."
    home = home_of(desk, thing)
    made = home.thing.variable if home is not None and home.thing.kind is ThingKind.VARIABLE else None
    if home is not None and made is not None and is_given_by_others(home.desk, made):
        return "This cannot be renamed: a template that is included here gets it from others as well."
    changes = []
    found = sorted(set(occurrences(desk, thing)), key=_by_file)
    for path, places in groupby(found, key=lambda place: place.path):
        changes.append(FileChange(path, tuple(TextEdit(place.span, name) for place in places)))
    return changes


def _by_file(place: Occurrence) -> tuple[bool, str, Span]:
    return place.path is not None, str(place.path), place.span


def _renameable(desk: Desk, thing: Thing) -> bool:
    if thing.name in _FIXED or home_of(desk, thing) is None:
        return False
    return any(found.defines for found in occurrences(desk, thing))


def _target_of_name(desk: Desk, thing: Thing) -> Other | None:
    for link in chain_of(desk.context).own():
        if desk.context.place(link.asking.tag, link.span) == thing.span and isinstance(link.target, Other):
            return link.target
    return None


def _is_opening(desk: Desk, thing: Thing) -> bool:
    return thing.path is None and desk.context.tree.tags[thing.tag].name == "block"


def _parent_block(desk: Desk, tag: int) -> list[Place]:
    """The block that the one around, or at, the tag overrides: in the nearest template above that has it."""
    tree = desk.context.tree
    openers = [tag, *(tree.blocks.blocks[number].opener for number in tree.enclosing(tag))]
    opener = next((index for index in openers if tree.tags[index].name == "block"), None)
    name = getattr(tree.tags[opener].node, "name", None) if opener is not None else None
    for other in parents_of(desk.context).templates:
        for block in other.analysis.scopes.blocks:
            if block.bind.name == name:
                return [Place(other.path, other.analysis.tree.place(block.tag, block.bind.span))]
    return []


def _block_tags(desk: Desk, thing: Thing) -> list[Span]:
    tree = desk.context.tree
    for block in tree.blocks.blocks:
        tags = [block.opener, *block.dividers, *([block.closer] if block.closer is not None else [])]
        if thing.tag in tags:
            return [tree.place(index, tree.tags[index].name_span) for index in tags]
    return []
