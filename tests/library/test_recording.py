"""Recorded versions: the same reference gives the same bytes, whatever changes afterwards."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orch.library.closure import closure_of
from orch.library.layers import Library, open_library
from orch.library.publishing import publish
from orch.library.recording import Recorded, record
from orch.library.version_files import load_version, pinned_digest8
from orch.model.config import Configuration
from orch.model.reference import Reference, parse_reference
from orch.model.template import digest_of
from orch.storage.memory import MemoryStorage
from support.libraries import (
    BUILTINS,
    ROOT,
    USER,
    closure,
    file_of,
    found,
    library_on,
    make_library,
    recorded,
    sentence,
)

VERSIONS = ROOT / ".orch/versions"
_HI = "Hi\n"
NOW = datetime(2026, 11, 21, 2, 10, tzinfo=UTC)


def published(library: Library, storage: MemoryStorage, reference: str, message: str = "better") -> str:
    made = publish(library, found(library, reference), message=message, author="Ada", created=NOW)
    assert isinstance(made, Recorded), made
    for path, text in made.writes:
        storage.write(path, text, replaces=None)
    return str(made.reference)


def texts(library: Library, reference: str, feature_type: str = "feature") -> list[str]:
    """All texts that a recorded reference renders with."""
    return [one.text for one in closure(library, reference, feature_type).templates.values()]


def digest8(text: str) -> str:
    return digest_of(text)[:8]


def versions(storage: MemoryStorage) -> list[str]:
    return sorted(path.relative_to(VERSIONS).as_posix() for path in storage.files if path.is_relative_to(VERSIONS))


def test_an_unpublished_text_becomes_version_0() -> None:
    library, storage = make_library({"project:bugfix/lib/x": _HI})
    reference = recorded(library, storage, "lib/x", "bugfix")
    assert reference == f"project:bugfix/lib/x@0-{digest8(_HI)}"
    assert versions(storage) == [f"bugfix/lib/x/0000-{digest8(_HI)}.toml"]
    data = tomllib.loads(storage.files[VERSIONS / versions(storage)[0]])
    assert data == {
        "schema": 1,
        "template": "lib/x",
        "feature_type": "bugfix",
        "version": 0,
        "digest": digest_of(_HI),
        "parts": [],
        "body": _HI,
    }


def test_a_text_that_is_recorded_is_not_recorded_again() -> None:
    library, storage = make_library({"project:x": _HI})
    first = recorded(library, storage, "x")
    before = dict(storage.files)
    assert recorded(library, storage, "x") == first
    assert storage.files == before


def test_an_edited_text_is_a_new_version_and_the_old_one_stays() -> None:
    library, storage = make_library({"project:x": "one"})
    first = recorded(library, storage, "x")
    storage.files[file_of("project:x")] = "two"
    second = recorded(library, storage, "x")
    assert first != second
    assert texts(library, first) == ["one"]
    assert texts(library, second) == ["two"]
    storage.files[file_of("project:x")] = "one"
    assert recorded(library, storage, "x") == first


def test_parts_are_pinned_and_recorded_in_full() -> None:
    library, storage = make_library(
        {
            "project:x": '{% extends "x" %}',
            "user:x": '{% extends "x" %}',
            "builtin:x": '{% include "part" %}',
            "team:part": "part",
        }
    )
    published(library, storage, "builtin:x")
    reference = recorded(library, storage, "x")
    version = found(library, reference).version
    assert version is not None
    assert [str(part).split("-")[0] for part in version.parts] == ["user:x@0", "builtin:x@1", "team:part@0"]
    assert {name.rsplit("/", 1)[0] for name in versions(storage)} == {"x", "@user/x", "@team/part"}
    storage.files = {path: text for path, text in storage.files.items() if path.suffix == ".toml"}
    assert texts(library, reference) == ['{% extends "x" %}', '{% extends "x" %}', '{% include "part" %}', "part"]


def test_a_changed_part_makes_another_reference_though_the_text_is_the_same() -> None:
    library, storage = make_library({"project:x": '{% include "part" %}', "project:part": "one"})
    first = recorded(library, storage, "x")
    storage.files[file_of("project:part")] = "two"
    second = recorded(library, storage, "x")
    assert first == f"project:x@0-{digest8(storage.files[file_of('project:x')])}"
    assert second != first
    assert texts(library, first)[1] == "one"
    assert texts(library, second)[1] == "two"
    parts = found(library, second).version.parts
    digest = digest_of(storage.files[file_of("project:x")])
    assert second == f"project:x@0-{pinned_digest8(digest, parts)}"
    assert recorded(library, storage, "x") == second
    storage.files[file_of("project:part")] = "one"
    assert recorded(library, storage, "x") == first


def test_a_template_that_comes_nearer_makes_another_reference_and_does_not_change_the_old_one() -> None:
    library, storage = make_library({"project:x": '{% include "part" %}', "builtin:part": "far"})
    first = recorded(library, storage, "x")
    storage.files[file_of("project:part")] = "near"
    assert recorded(library, storage, "x") != first
    assert texts(library, first)[1] == "far"


def test_one_record_serves_every_feature_type_whichever_came_first() -> None:
    templates = {
        "project:x": '{% include "p" %}{% extends "x" %}',
        "project:p": '{% include "q" %}',
        "project:bugfix/p": "bug",
        "project:q": "all",
        "project:docs/q": "docs",
        "builtin:x": "end",
        "builtin:bugfix/x": '{% extends "x" %}',
    }
    first, second = make_library(templates), make_library(templates)
    reference = recorded(*first, "x", "bugfix")
    assert recorded(*second, "x", "docs") == reference
    assert first[1].files == second[1].files
    before = dict(first[1].files)
    for library, storage in (first, second):
        assert recorded(library, storage, "x", "feature") == reference
        assert texts(library, reference, "bugfix")[1] == "bug"
        assert texts(library, reference, "docs")[-1] == "docs"
        assert "all" in texts(library, reference)
    assert first[1].files == before


def test_a_part_has_the_same_record_whoever_reaches_it_first() -> None:
    templates = {
        "project:bugfix/x": '{% include "p" %}',
        "project:y": '{% include "p" %}',
        "project:p": '{% include "q" %}',
        "project:bugfix/q": "bug",
        "project:q": '{% include "p" %}',
    }
    first, second = make_library(templates), make_library(templates)
    recorded(*first, "x", "bugfix")
    recorded(*first, "y")
    recorded(*second, "y")
    recorded(*second, "x", "bugfix")
    assert first[1].files == second[1].files


def test_a_published_version_has_a_number_a_message_and_a_parent() -> None:
    library, storage = make_library({"project:x": "one"})
    used = recorded(library, storage, "x")
    first = published(library, storage, "x", "first")
    assert (used, first) == (f"project:x@0-{digest8('one')}", f"project:x@1-{digest8('one')}")
    storage.files[file_of("project:x")] = "two"
    second = published(library, storage, "x", "second")
    data = tomllib.loads(storage.files[VERSIONS / f"x/0002-{digest8('two')}.toml"])
    assert list(data) == [
        "schema",
        "template",
        "version",
        "digest",
        "created",
        "author",
        "message",
        "parent",
        "parts",
        "body",
    ]
    assert (data["created"], data["author"], data["message"], data["parent"]) == (NOW, "Ada", "second", first)
    assert recorded(library, storage, "x") == second
    assert published(library, storage, "x") == second
    assert texts(library, used) == ["one"]


def test_a_published_version_serves_every_feature_type() -> None:
    library, storage = make_library(
        {"project:x": '{% include "p" %}', "project:p": "all", "project:bugfix/p": "bug"}
    )
    reference = published(library, storage, "x")
    assert recorded(library, storage, "x") == recorded(library, storage, "x", "bugfix") == reference
    assert texts(library, reference, "docs")[1] == "all"
    assert texts(library, reference, "bugfix")[1] == "bug"


def test_publishing_the_same_text_with_a_changed_part_gives_the_next_number() -> None:
    library, storage = make_library({"project:x": '{% include "p" %}', "project:p": "one"})
    first = published(library, storage, "x")
    storage.files[file_of("project:p")] = "two"
    second = published(library, storage, "x")
    assert first.replace("@1", "@2") == second
    assert texts(library, first)[1] == "one"
    assert texts(library, second)[1] == "two"


def test_a_users_version_is_copied_into_the_project_as_it_is() -> None:
    library, storage = make_library({"user:x": '{% include "p" %}', "user:p": "part", "project:p": "project's own"})
    reference = published(library, storage, "user:x")
    own = USER / f"versions/x/0001-{digest8(storage.files[file_of('user:x')])}.toml"
    assert own in storage.files
    assert not versions(storage)
    # in this project the part is another one, so this is not what was published
    other = recorded(library, storage, "x")
    assert other.startswith("user:x@0-")
    del storage.files[file_of("project:p")]
    assert recorded(library, storage, "x") == reference
    copy = VERSIONS / "@user/x" / own.name
    assert storage.files[copy] == storage.files[own]
    storage.files = {path: text for path, text in storage.files.items() if path.is_relative_to(ROOT)}
    assert texts(library, reference) == ['{% include "p" %}', "part"]


def test_a_copy_brings_the_parts_for_every_feature_type() -> None:
    library, storage = make_library(
        {
            "user:x": '{% include "p" %}',
            "user:p": "all",
            "user:bugfix/p": '{% include "q" %}',
            "user:q": "end",
        }
    )
    reference = published(library, storage, "user:x")
    assert recorded(library, storage, "x") == reference
    storage.files = {path: text for path, text in storage.files.items() if path.is_relative_to(ROOT)}
    assert texts(library, reference, "bugfix")[1:] == ['{% include "q" %}', "end"]
    assert texts(library, reference)[1:] == ["all"]


def test_built_ins_are_not_copied() -> None:
    library, storage = make_library({"builtin:x": "text"})
    reference = published(library, storage, "builtin:x")
    assert BUILTINS / f"versions/x/0001-{digest8('text')}.toml" in storage.files
    assert recorded(library, storage, "x") == reference
    assert not versions(storage)


def test_a_recorded_reference_renders_again_without_a_new_record() -> None:
    library, storage = make_library({"project:x": '{% include "p" %}', "project:p": "one"})
    reference = recorded(library, storage, "x")
    storage.files[file_of("project:p")] = "two"
    before = dict(storage.files)
    assert recorded(library, storage, reference) == reference
    assert storage.files == before


def test_a_template_may_name_a_version() -> None:
    library, storage = make_library({"builtin:x": '{% include "p" %}', "builtin:p": "old"})
    old = published(library, storage, "builtin:x")
    storage.files[file_of("builtin:x")] = "new"
    storage.files[file_of("builtin:p")] = "new"
    storage.files[file_of("project:x")] = f'{{% extends "{old}" %}}'
    reference = recorded(library, storage, "x")
    assert texts(library, "x")[1:] == texts(library, reference)[1:] == ['{% include "p" %}', "old"]


def test_a_bare_number_is_found_unless_two_versions_share_it() -> None:
    library, storage = make_library({"project:x": "one"})
    published(library, storage, "x")
    assert found(library, "x@1").text == "one"
    storage.files[file_of("project:x")] = "two"
    branch = library_on(MemoryStorage({file_of("project:x"): "two"}))
    made = publish(branch, found(branch, "x"), message="", author=None, created=NOW)
    assert isinstance(made, Recorded)
    storage.files |= dict(made.writes)
    said = sentence(load_version(library, Reference("x", version=1), "feature"))
    assert digest8("one") in said
    assert digest8("two") in said
    assert found(library, f"x@1-{digest8('two')}").text == "two"


@pytest.mark.parametrize(
    ("old", "new"), [("one", "won"), ("digest = ", 'digest = "0"\n#'), ("body", "bodi"), ("schema", "]")]
)
def test_a_version_that_was_edited_by_hand_is_refused_and_not_overwritten(old: str, new: str) -> None:
    library, storage = make_library({"project:x": "one"})
    reference = recorded(library, storage, "x")
    (name,) = versions(storage)
    storage.files[VERSIONS / name] = edited = storage.files[VERSIONS / name].replace(old, new)
    parsed = parse_reference(reference)
    assert isinstance(parsed, Reference)
    assert "changed after it was recorded" in sentence(load_version(library, parsed, "feature"))
    again = recorded(library, storage, "x")
    assert again != reference
    assert texts(library, again) == ["one"]
    assert storage.files[VERSIONS / name] == edited


def test_a_part_that_was_edited_by_hand_is_refused() -> None:
    library, storage = make_library({"project:x": '{% include "p" %}', "project:p": "one"})
    reference = recorded(library, storage, "x")
    part = VERSIONS / f"p/0000-{digest8('one')}.toml"
    storage.files[part] = storage.files[part].replace("one", "won")
    parsed = parse_reference(reference)
    assert isinstance(parsed, Reference)
    assert "A part of `x` is missing" in sentence(closure_of(library, found(library, reference), "feature"))
    assert "changed after it was recorded" in sentence(record(library, closure(library, "x"), "feature"))


@pytest.mark.parametrize("reference", ["x@9", "x@0-00000000", "nope@1", "user:x@1", "gone:x@1-00000000"])
def test_a_version_that_is_not_there_is_one_plain_sentence(reference: str) -> None:
    library, storage = make_library({"project:x": "one"})
    recorded(library, storage, "x")
    parsed = parse_reference(reference)
    assert isinstance(parsed, Reference)
    assert sentence(load_version(library, parsed, "feature")) == f"There is no version `{reference}`."


def test_versions_of_a_layer_that_is_gone_still_resolve() -> None:
    library, storage = make_library({"team:x": "ours"})
    reference = recorded(library, storage, "x")
    assert reference.startswith("team:x@0-")
    without = open_library(storage, ROOT, USER, BUILTINS, Configuration())
    assert texts(without, reference) == ["ours"]


def test_other_files_in_a_versions_folder_do_not_matter() -> None:
    library, storage = make_library({"project:x": "one"})
    first = recorded(library, storage, "x")
    for name in ("README.toml", "1-00000000.toml", "0001-xyz.toml", "0001-00000000.toml.orig"):
        storage.files[VERSIONS / "x" / Path(name)] = "?"
    assert recorded(library, storage, "x") == first
