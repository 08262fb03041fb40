"""A version's file that git merged from two branches: read as the first had it, and mended to that."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from orch.library.closure import Closure, closure_of
from orch.library.layers import Library
from orch.library.merged_versions import merged_data
from orch.library.publishing import publish
from orch.library.recording import Recorded
from orch.library.resolution import Found
from orch.library.version_files import load_version
from orch.library.version_history import renumber, shared_sentences
from orch.model.reference import BadReference, Reference, TemplateId
from orch.storage.memory import MemoryStorage
from support.libraries import file_of, found, library_on, make_library, recorded, sentence

NOW = datetime(2026, 11, 21, 2, 10, tzinfo=UTC)
X = TemplateId("project", "x")
ASKS = "{% include 'builtin:p' %}\nbody = [\n<<<<<<< created = 1\n"
Merge = Callable[[str, str], str]


@pytest.fixture(params=["--union", "--diff3", "--ours-and-theirs"])
def merge(request: pytest.FixtureRequest, tmp_path: Path) -> Merge:
    """What git makes of a file that two branches added, as each of its ways to do so has it."""
    options = [request.param] if request.param != "--ours-and-theirs" else []

    def merged(ours: str, theirs: str) -> str:
        for name, text in (("ours", ours), ("base", ""), ("theirs", theirs)):
            (tmp_path / name).write_text(text)
        command = ["git", "merge-file", "-p", *options, "ours", "base", "theirs"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout

    return merged


def branch(text: str, part: str, who: str | None, minutes: int) -> tuple[Library, MemoryStorage, str, Path]:
    """A project that publishes `text` as version 1 of x, where the built-in p is `part`."""
    library, storage = make_library({"project:x": text, "builtin:p": part})
    at = NOW + timedelta(minutes=minutes)
    made = publish(library, found(library, "project:x"), message=f"{who} says", author=who, created=at)
    assert isinstance(made, Recorded)
    for path, body in made.writes:
        storage.write(path, body, replaces=None)
    return library, storage, str(made.reference), made.writes[-1][0]


def both(merge: Merge, *, other_part: bool, who: str | None = "Bob") -> tuple[Library, MemoryStorage, str, Path]:
    """The merge of Ada's branch with an earlier one that published the same text."""
    _, storage, reference, path = branch(ASKS, "one", "Ada", 5)
    _, theirs, same, there = branch(ASKS, "two" if other_part else "one", who, 0)
    assert (reference, path) == (same, there)
    storage.files = {**theirs.files, **storage.files, path: merge(storage.files[path], theirs.files[path])}
    return library_on(storage), storage, reference, path


def mend(library: Library, storage: MemoryStorage) -> list[str]:
    made = renumber(library, X)
    assert not isinstance(made, BadReference)
    for one in made:
        storage.write(one.path, one.text, replaces=one.replaces)
    return [str(one.new) for one in made]


def parts(library: Library, reference: str) -> list[str]:
    reached = closure_of(library, found(library, reference), "feature")
    assert isinstance(reached, Closure)
    return [one.text for one in list(reached.templates.values())[1:]]


def test_the_same_text_is_the_version_that_was_published_first(merge: Merge) -> None:
    library, storage, reference, path = both(merge, other_part=False)
    for name in (reference, "x@1"):
        read = found(library, name)
        assert read.version is not None
        assert (read.text, read.version.author, read.version.message) == (ASKS, "Bob", "Bob says")
    (said,) = shared_sentences(library, X)
    assert said == (
        f"Two branches (Bob and Ada) recorded `{reference}` with the same text, and git merged the two. "
        "To mend it: orch template publish x --renumber"
    )
    assert mend(library, storage) == [reference]
    _, theirs, _, _ = branch(ASKS, "one", "Bob", 0)
    assert storage.files[path] == theirs.files[path]
    assert shared_sentences(library, X) == []
    assert mend(library, storage) == []


def test_different_parts_are_two_versions(merge: Merge) -> None:
    library, storage, reference, _ = both(merge, other_part=True)
    assert "could be either" in sentence(load_version(library, Reference("x", version=1), "feature"))
    assert parts(library, reference) == ["two"]
    assert "with the same text and with different parts" in shared_sentences(library, X)[0]
    second = reference.replace("@1", "@2")
    assert mend(library, storage) == [reference, second]
    assert [parts(library, name) for name in ("x@1", "x@2", reference, second)] == [["two"], ["one"]] * 2
    kept = found(library, second).version
    assert kept is not None
    assert (kept.author, kept.message) == ("Ada", "Ada says")


def test_both_sides_mend_it_alike(merge: Merge) -> None:
    library, storage, _, path = both(merge, other_part=True)
    _, ours, _, _ = branch(ASKS, "one", "Ada", 5)
    _, theirs, _, _ = branch(ASKS, "two", "Bob", 0)
    other = MemoryStorage({**ours.files, **theirs.files, path: merge(theirs.files[path], ours.files[path])})
    assert mend(library, storage) == mend(library_on(other), other)
    versions = [{p: t for p, t in s.files.items() if p.name[:4] in ("0001", "0002")} for s in (storage, other)]
    assert versions[0] == versions[1]
    assert len(versions[0]) == 2


def test_a_key_that_only_one_side_has(merge: Merge) -> None:
    library, storage, reference, _ = both(merge, other_part=True, who=None)
    assert parts(library, reference) == ["two"]
    assert len(mend(library, storage)) == 2
    assert parts(library, "x@2") == ["one"]


def test_a_text_that_was_used_and_never_published(merge: Merge) -> None:
    sides = []
    for part in ("one", "two"):
        library, storage = make_library({"project:x": ASKS, "builtin:p": part})
        reference = recorded(library, storage, "x")
        (path,) = (path for path in storage.files if path.name.startswith("0000") and path.parent.name == "x")
        sides.append(storage)
    storage = MemoryStorage({**sides[0].files, **sides[1].files})
    storage.files[path] = merge(sides[0].files[path], sides[1].files[path])
    library = library_on(storage)
    assert isinstance(found(library, reference), Found)
    first, second = mend(library, storage)
    assert first == reference
    assert second.startswith("project:x@0-")
    assert second != first
    assert {*parts(library, first), *parts(library, second)} == {"one", "two"}
    assert recorded(library, storage, "x") in (first, second)


def test_any_other_text_is_none() -> None:
    _, storage, _, path = branch(ASKS, "one", "Ada", 0)
    assert merged_data(storage.files[path]) == []
    assert merged_data("") == []
    assert merged_data("<<<<<<< a\n") == []
    assert merged_data('body = "x"\nbody = "y"\n') == []
    edited = storage.files[path].replace("builtin:p", "builtin:q")
    assert merged_data(edited) == []


def test_a_merged_file_that_was_also_edited_is_refused(merge: Merge) -> None:
    library, storage, reference, path = both(merge, other_part=False)
    storage.files[path] = storage.files[path].replace("builtin:p' %}", "builtin:q' %}")
    assert not isinstance(load_version(library, found_reference(reference), "feature"), Found)


def found_reference(text: str) -> Reference:
    name, _, version = text.removeprefix("project:").partition("@")
    number, _, digest = version.partition("-")
    return Reference(name, "project", None, int(number), digest)


def test_the_layer_is_named_in_what_mends_it() -> None:
    library, storage = make_library({"user:bugfix/x": ""})
    folder = file_of("user:bugfix/x").parents[2] / "versions/bugfix/x"
    storage.files |= {folder / "0001-aaaaaaaa.toml": "", folder / "0001-bbbbbbbb.toml": ""}
    (said,) = shared_sentences(library, TemplateId("user", "x", "bugfix"))
    assert said.endswith("orch template publish user:x --type bugfix --renumber")
