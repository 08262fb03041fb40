"""A recorded reference gives the same bytes for ever, whatever is edited, published or mended afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orch.library.closure import Closure, closure_of
from orch.library.layers import Library
from orch.library.publishing import publish
from orch.library.recording import Recorded, record
from orch.library.resolution import Found, find_working_copy, resolve_working_copy
from orch.library.version_files import load_version
from orch.library.version_history import renumber
from orch.model.config import SharedLayer
from orch.model.reference import BadReference, Reference, TemplateId, parse_reference
from orch.storage.memory import MemoryStorage
from support.libraries import ROOT, closure, file_of, library_on, recorded

LAYERS, NAMES, KINDS = ("project", "user", "team", "builtin"), ("x", "p"), (None, "bugfix")
TEXTS = (
    "a",
    "b",
    '{% include "p" %}',
    '{% extends "x" %}',
    '{% extends "x" %}{% include "p" %}',
    "{% include n %}",
)
NOW = datetime(2026, 11, 21, 2, 10, tzinfo=UTC)

templates = st.builds(TemplateId, st.sampled_from(LAYERS), st.sampled_from(NAMES), st.sampled_from(KINDS))
edits = st.tuples(st.just("edit"), templates, st.sampled_from((*TEXTS, None)))
records = st.tuples(st.just("record"), st.sampled_from(NAMES), st.sampled_from(("feature", "bugfix")))
publishes = st.tuples(st.just("publish"), templates, st.just(""))
mends = st.tuples(st.just("mend"), templates, st.just(""))
branches = st.tuples(st.just("branch"), templates, st.sampled_from(TEXTS))
steps = st.lists(st.one_of(edits, records, publishes, mends, branches), min_size=4, max_size=24)


class _Shop:
    """A project, its files, and what every recorded reference rendered when it was recorded."""

    def __init__(self) -> None:
        self.storage = MemoryStorage({file_of("builtin:x"): "base"})
        self.seen: dict[tuple[str, str], Closure] = {}
        self.at = NOW

    @property
    def library(self) -> Library:
        return library_on(self.storage)

    def edit(self, template: TemplateId, text: str | None) -> None:
        self.storage.files.pop(file_of(str(template)), None)
        if text is not None:
            self.storage.files[file_of(str(template))] = text

    def record(self, name: str, feature_type: str) -> None:
        found = resolve_working_copy(self.library, name, feature_type)
        closure = closure_of(self.library, found, feature_type) if isinstance(found, Found) else found
        if isinstance(closure, BadReference):
            return
        made = record(self.library, closure, feature_type)
        assert isinstance(made, Recorded), made
        self.write(dict(made.writes))
        self.seen.setdefault((str(made.reference), feature_type), closure)

    def publish(self, template: TemplateId, storage: MemoryStorage | None = None) -> None:
        library = library_on(storage or self.storage)
        found = find_working_copy(library, template)
        if found is None:
            return
        self.at += timedelta(minutes=1)
        made = publish(library, found, message="m", author="Ada", created=self.at)
        assert isinstance(made, Recorded), made
        (storage or self.storage).files |= dict(made.writes)

    def branch(self, template: TemplateId, text: str) -> None:
        """Another clone publishes a text of its own, and both are merged."""
        other = MemoryStorage(self.storage.files)
        other.files[file_of(str(template))] = text
        self.publish(template, other)
        new = {path: body for path, body in other.files.items() if path.suffix == ".toml"}
        # the same text published on both sides is the one thing that git asks about
        self.storage.files = {**new, **self.storage.files}

    def mend(self, template: TemplateId) -> None:
        made = renumber(self.library, template)
        assert not isinstance(made, BadReference), made
        self.write({one.path: one.text for one in made})

    def write(self, files: dict) -> None:  # type: ignore[type-arg]
        assert not files.keys() & self.storage.files.keys()
        self.storage.files |= files

    def check(self) -> None:
        self.check_in(self.library)
        # a clone may know of no shared layer
        self.check_in(library_on(self.storage, layers=()))

    def check_in(self, library: Library) -> None:
        for (reference, feature_type), then in self.seen.items():
            parsed = parse_reference(reference)
            assert isinstance(parsed, Reference)
            found = load_version(library, parsed, feature_type)
            assert isinstance(found, Found), found
            now = closure_of(library, found, feature_type)
            assert isinstance(now, Closure), now
            assert _prompt(now) == _prompt(then)
            again = record(library, now, feature_type)
            assert isinstance(again, Recorded), again
            assert (str(again.reference), again.writes) == (reference, ())


def _prompt(closure: Closure) -> list[tuple[object, ...]]:
    """What makes the prompt: every text that is reached by constant names, and what each name means to it."""
    order = {key: number for number, key in enumerate(closure.templates)}
    return [
        (found.id, found.text, sorted((name, order[target]) for name, target in closure.routes[key].items()))
        for key, found in closure.templates.items()
    ]


@settings(max_examples=150)
@given(steps)
def test_a_recorded_reference_always_resolves_to_the_same_bytes(todo: list[tuple[str, object, object]]) -> None:
    shop = _Shop()
    for step, what, with_ in todo:
        match step, what, with_:
            case "edit", TemplateId(), str() | None:
                shop.edit(what, with_)
            case "record", str(), str():
                shop.record(what, with_)
            case "publish", TemplateId(), _:
                shop.publish(what)
            case "mend", TemplateId(), _:
                shop.mend(what)
            case "branch", TemplateId(), str():
                shop.branch(what, with_)
    shop.check()


SHARED = {
    "project:x": "{% extends 'x' %}{% block b %}{% include 'far:p' %}{% include 'p' %}{{ super() }}{% endblock %}",
    "project:infra/x": "{% extends 'x' %}",
    "team:x": "{% extends 'x' %}{% block b %}T{{ super() }}{% include 'p' %}{% endblock %}",
    "team:p": "T{% include 'p' %}",
    "team:infra/p": "I{% include 'p' %}",
    "far:x": "F{% block b %}F{% endblock %}{% include 'p' %}",
    "far:p": "F",
}


def _with_layers(storage: MemoryStorage, *names: str, types: tuple[str, ...] = ("infra",)) -> Library:
    layers = tuple(SharedLayer(name, name) for name in names)
    return library_on(storage, layers=layers, feature_types=dict.fromkeys(types, ""))


@pytest.mark.parametrize("kind", ["feature", "infra"])
@pytest.mark.parametrize("names", [(), ("far",), ("far", "team"), ("other", "far", "team")])
@pytest.mark.parametrize("types", [(), ("infra",)])
def test_layers_and_types_that_the_configuration_lost_are_not_missed(
    kind: str, names: tuple[str, ...], types: tuple[str, ...]
) -> None:
    files = {
        (ROOT / (".orch" if layer == "project" else layer) / "templates" / f"{path}.md.j2"): text
        for layer, _, path, text in ((*at.partition(":"), text) for at, text in SHARED.items())
    }
    storage = MemoryStorage(files)
    library = _with_layers(storage, "team", "far")
    then = closure(library, "x", kind)
    reference = recorded(library, storage, "x", kind)
    storage.files = {path: text for path, text in storage.files.items() if path.suffix == ".toml"}
    storage.files[ROOT / "other/templates/p.md.j2"] = "another"
    changed = _with_layers(storage, *names, types=types)
    now = closure(changed, reference, kind)
    assert [(found.key.partition("@")[0], found.text) for found in now.templates.values()] == [
        (found.key, found.text) for found in then.templates.values()
    ]
    assert [route[2] for route in _prompt(now)] == [route[2] for route in _prompt(then)]
