"""All that one template reaches: what a renderer must be given, and which inputs are asked for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from orch.library.layers import Layer, Library
from orch.library.resolution import Found, Lookup, all_templates, find_working_copy, resolve_name
from orch.library.template_names import template_names
from orch.library.version_files import load_parts, load_version
from orch.model.config import JINJA_EXTENSIONS
from orch.model.reference import BUILTIN, OWN_LAYERS, BadReference, Reference, parse_reference
from orch.model.template import FrontMatter, Input, jinja_text, read_front_matter, split_template
from orch.model.toml import toml_data

MOST_DYNAMIC = 2000
"""Templates that are made reachable by name where a name is only known while rendering."""

MOST_DYNAMIC_TEXT = 8 * 1024 * 1024
"""Characters that these may have together."""


@dataclass(frozen=True, slots=True)
class Closure:
    """A template with every other one that it reaches by a constant name, by key, nearest to it first.

    `routes[asking key][name as written]` is a key. `others` and `names` are what a name that is only known while
    rendering may reach, and `own_names` what a template's own name means to it; empty where there is no such name.
    """

    entry: Found
    templates: Mapping[str, Found]
    routes: Mapping[str, Mapping[str, str]]
    others: Mapping[str, Found] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    own_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def all_routes(self) -> dict[str, dict[str, str]]:
        """`routes`, and for every template what its own name means to it: the next one below, or "" for none."""
        keys = dict.fromkeys((*self.own_names, *self.routes))
        return {key: {**self.own_names.get(key, {}), **self.routes.get(key, {})} for key in keys}

    def texts(self) -> dict[str, str]:
        """Every template's Jinja text, by key."""
        return {key: jinja_text(found.text) for key, found in (*self.others.items(), *self.templates.items())}


def closure_of(
    library: Library, entry: Found, feature_type: str, *, dynamic: bool = True
) -> Closure | BadReference:
    """The closure of `entry` in a session of `feature_type`; without `others` when not `dynamic`.

    A version reaches its parts as they were recorded; a BadReference says which of them cannot be had any more.
    """
    walk = _Walk(library, feature_type)
    problem = walk.add(entry, walk.live if entry.version is None else None)
    if problem is not None:
        return problem
    while walk.open:
        problem = walk.follow(walk.open.pop(0))
        if problem is not None:
            return problem
    closure = Closure(entry, walk.templates, walk.routes)
    return _with_everything(library, closure, feature_type) if dynamic and walk.dynamic else closure


def closures_by_type(library: Library, entry: Found) -> dict[str, Closure]:
    """What `entry` reaches by constant names, by the feature type of a session that it serves, in a fixed order."""
    types = (entry.id.feature_type,) if entry.id.feature_type else library.feature_types
    closures = ((kind, closure_of(library, entry, kind, dynamic=False)) for kind in types)
    return {kind: closure for kind, closure in closures if isinstance(closure, Closure)}


def parts_of(closures: Iterable[Closure]) -> dict[str, Found]:
    """All that closures of one entry reach besides it, by key, nearest first."""
    return {key: found for closure in closures for key, found in list(closure.templates.items())[1:]}


def declared_inputs(library: Library, closure: Closure) -> dict[str, Input]:
    """The inputs of a prompt by name: the nearest declaration wins, the configuration's come last."""
    inputs: dict[str, Input] = {}
    for found in closure.templates.values():
        for name, declared in front_matter(found.text).inputs.items():
            inputs.setdefault(name, declared)
    return {**library.configuration.inputs, **inputs}


def extensions_of(library: Library, found: Found) -> tuple[str, ...]:
    """The Jinja extensions that `found` may use: a version all of them, for it once rendered with those it uses."""
    return library.configuration.extensions if found.version is None else JINJA_EXTENSIONS


@lru_cache(maxsize=512)
def front_matter(text: str) -> FrontMatter:
    """What the template `text` says of itself; what is wrong in it is passed over."""
    front = split_template(text).front
    return read_front_matter(toml_data(front))[0] if front else FrontMatter()


class _Walk:
    """The way through the templates, breadth first. Each is looked up in the scope of the one that asks for it."""

    def __init__(self, library: Library, feature_type: str) -> None:
        self.library = library
        self.feature_type = feature_type
        self.templates: dict[str, Found] = {}
        self.routes: dict[str, dict[str, str]] = {}
        self.open: list[tuple[str, _Scope]] = []
        self.dynamic = False

    @property
    def live(self) -> "_Scope":
        return _Scope(self.library, lambda template: find_working_copy(self.library, template))

    def add(self, found: Found, scope: "_Scope | None") -> BadReference | None:
        """Takes `found` in. Without a `scope` it is a version that brings its own: its parts."""
        if found.key in self.templates:
            return None
        if scope is None:
            assert found.version is not None
            typed = replace(self.library, feature_types=(*self.library.feature_types, self.feature_type))
            parts = load_parts(typed, found.version)
            if isinstance(parts, BadReference):
                return parts
            # the nearest comes first; a further one of the same template is reached by a version's name only, and
            # a part may lead back to what it is a part of
            lookup = {part.id: part for part in (*reversed(parts), found)}.get
            scope = _Scope(_as_recorded(typed, found, parts), lookup)
        self.templates[found.key] = found
        self.routes[found.key] = {}
        self.open.append((found.key, scope))
        return None

    def follow(self, asking: "tuple[str, _Scope]") -> BadReference | None:
        """Finds what one template asks for. A name that leads nowhere is left to the renderer to report."""
        key, scope = asking
        asked = self.templates[key]
        names = template_names(jinja_text(asked.text), extensions_of(self.library, asked))
        self.dynamic |= names.dynamic
        for name in names.constant:
            reference = parse_reference(name, self.library.feature_types)
            if isinstance(reference, BadReference):
                continue
            found, own_scope = self._find(reference, key, scope)
            if found is None:
                continue
            problem = self.add(found, own_scope)
            if problem is not None:
                return problem
            self.routes[key][name] = found.key
        return None

    def _find(self, reference: Reference, key: str, scope: "_Scope") -> "tuple[Found | None, _Scope | None]":
        if reference.version is not None:
            version = load_version(self.library, reference, self.feature_type)
            return (None if isinstance(version, BadReference) else version), None
        asking = self.templates[key].id
        name = reference.unversioned
        return resolve_name(scope.library, name, self.feature_type, scope.lookup, asking), scope


class _Scope(NamedTuple):
    """Where names are looked up: the layers and feature types that count, and what there is in them."""

    library: Library
    lookup: Lookup


def _as_recorded(library: Library, found: Found, parts: Sequence[Found]) -> Library:
    """`library` with the shared layers that the parts of a version are of, in the order that these stand in.

    What a name meant must not depend on which layers the configuration names today, nor on their order: a clone
    may have none of them.
    """
    shared = dict.fromkeys(one.id.layer for one in (found, *parts) if one.id.layer not in OWN_LAYERS)
    own = [layer for layer in library.layers if layer.name in OWN_LAYERS]
    below = [layer for layer in own if layer.name == BUILTIN]
    kept = [library.layer(name) or Layer(name, library.recorded, library.recorded) for name in shared]
    return replace(library, layers=(*(layer for layer in own if layer not in below), *kept, *below))


def _with_everything(library: Library, closure: Closure, feature_type: str) -> Closure:
    """`closure` with every working copy, and every name that could reach one; nearest first, within bounds."""
    found = list(_working_copies(library))
    ids = {one.id: one for one in found}
    names: dict[str, str] = {}
    own_names: dict[str, dict[str, str]] = {}
    for one in found:
        own = own_names.setdefault(one.key, {})
        for layer in (None, one.id.layer):
            for kind in dict.fromkeys((None, one.id.feature_type)):
                name = Reference(one.id.name, layer, kind)
                meant = resolve_name(library, name, feature_type, ids.get)
                below = resolve_name(library, name, feature_type, ids.get, one.id)
                if meant is not None:
                    names[str(name)] = meant.key
                own[str(name)] = below.key if below is not None else ""
    others = {one.key: one for one in found if one.key not in closure.templates}
    return replace(closure, others=others, names=names, own_names=own_names)


def _working_copies(library: Library) -> Iterator[Found]:
    room = MOST_DYNAMIC_TEXT
    for template, _ in all_templates(library)[:MOST_DYNAMIC]:
        found = find_working_copy(library, template)
        if found is not None and len(found.text) <= room:
            room -= len(found.text)
            yield found
