"""A recorded reference gives the same bytes for ever, whatever is edited, published or mended afterwards."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from orch.library.closure import Closure, closure_of
from orch.library.layers import Library
from orch.library.publishing import publish
from orch.library.recording import Recorded, record
from orch.library.resolution import Found, find_working_copy, resolve_working_copy
from orch.library.version_files import load_version
from orch.library.version_history import renumber
from orch.model.reference import BadReference, Reference, TemplateId, parse_reference
from orch.storage.memory import MemoryStorage
from support.libraries import file_of, library_on

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
        for (reference, feature_type), then in self.seen.items():
            parsed = parse_reference(reference)
            assert isinstance(parsed, Reference)
            found = load_version(self.library, parsed, feature_type)
            assert isinstance(found, Found), found
            now = closure_of(self.library, found, feature_type)
            assert isinstance(now, Closure), now
            assert _prompt(now) == _prompt(then)
            again = record(self.library, now, feature_type)
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
