"""Versions of a template, and two branches that publish the same number."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from orch.library.layers import Library
from orch.library.publishing import publish
from orch.library.recording import Recorded
from orch.library.version_files import load_version
from orch.library.version_history import Renumbered, renumber, shared_numbers, version_history
from orch.model.reference import BadReference, Reference, TemplateId
from orch.model.template import digest_of
from orch.storage.memory import MemoryStorage
from support.libraries import ROOT, file_of, found, library_on, make_library, recorded, sentence

NOW = datetime(2026, 11, 21, 2, 10, tzinfo=UTC)
X = TemplateId("project", "x")
VERSIONS = ROOT / ".orch/versions"


def put(library: Library, storage: MemoryStorage, text: str, *, at: datetime = NOW, who: str = "Ada") -> str:
    """Publishes `text` as the project's x; the full reference."""
    storage.files[file_of("project:x")] = text
    made = publish(library, found(library, "project:x"), message=f"{text}!", author=who, created=at)
    assert isinstance(made, Recorded), made
    for path, body in made.writes:
        storage.write(path, body, replaces=None)
    return str(made.reference)


def mended(library: Library, storage: MemoryStorage) -> list[Renumbered]:
    made = renumber(library, X)
    assert not isinstance(made, BadReference), made
    for one in made:
        storage.write(one.path, one.text, replaces=None)
    return made


def two_branches() -> tuple[Library, MemoryStorage, str, str]:
    """Version 1 of both, and two versions 2: "ours", published an hour later, and "theirs"."""
    library, storage = make_library({"project:x": ""})
    put(library, storage, "one")
    branch = MemoryStorage(storage.files)
    theirs = put(library_on(branch), branch, "theirs", who="Bob")
    ours = put(library, storage, "ours", at=NOW + timedelta(hours=1))
    storage.files |= {path: text for path, text in branch.files.items() if path.suffix == ".toml"}
    return library, storage, ours, theirs


def test_the_newest_number_comes_first_and_what_was_never_published_last() -> None:
    library, storage = make_library({"project:x": "used"})
    used = recorded(library, storage, "x")
    first = put(library, storage, "one")
    second = put(library, storage, "two", at=NOW + timedelta(days=1))
    history = version_history(library, X)
    assert [str(entry.file.reference) for entry in history] == [second, first, used]
    newest = history[0].version
    assert newest is not None
    assert (newest.author, newest.message, newest.parent) == ("Ada", "two!", first)
    assert all(not entry.problem and not entry.same_number and entry.renumbered is None for entry in history)


def test_a_version_that_was_edited_by_hand_is_listed_with_what_is_wrong() -> None:
    library, storage = make_library({"project:x": ""})
    put(library, storage, "one")
    (path,) = (path for path in storage.files if path.suffix == ".toml")
    storage.files[path] = storage.files[path].replace('"one"', '"won"')
    (entry,) = version_history(library, X)
    assert entry.version is None
    assert "changed after it was recorded" in (entry.problem or "")


def test_two_versions_of_one_number_are_told_and_mended() -> None:
    library, storage, ours, theirs = two_branches()
    assert list(shared_numbers(library, X)) == [2]
    assert {entry.same_number for entry in version_history(library, X) if entry.file.number == 2} == {
        (_reference(ours),),
        (_reference(theirs),),
    }
    assert "could be" in sentence(load_version(library, Reference("x", version=2), "feature"))
    before = dict(storage.files)
    (one,) = mended(library, storage)
    third = ours.replace("@2", "@3")
    assert (str(one.old), str(one.new)) == (ours, third)
    assert one.path == VERSIONS / f"x/0003-{digest_of('ours')[:8]}.toml"
    assert {path: storage.files[path] for path in before} == before
    assert shared_numbers(library, X) == {}
    assert mended(library, storage) == []
    assert {str(ref): found(library, str(ref)).text for ref in ("x@2", "x@3", ours, theirs, third)} == {
        "x@2": "theirs",
        "x@3": "ours",
        ours: "ours",
        theirs: "theirs",
        third: "ours",
    }
    told = {str(entry.file.reference): entry for entry in version_history(library, X)}
    assert str(told[ours].renumbered) == third
    kept = told[third].version
    assert kept is not None
    assert (kept.author, kept.message, kept.created) == ("Ada", "ours!", NOW + timedelta(hours=1))
    assert put(library, storage, "ours") == third
    assert put(library, storage, "new").startswith("project:x@4-")


def test_both_branches_mend_in_the_same_way() -> None:
    first, second = two_branches(), two_branches()
    mended(first[0], first[1])
    mended(second[0], second[1])
    assert first[1].files == second[1].files


def test_a_third_branch_that_took_the_next_number_is_mended_too() -> None:
    library, storage, ours, _ = two_branches()
    third = MemoryStorage(storage.files)
    mended(library, storage)
    late = put(library_on(third), third, "late", at=NOW + timedelta(days=2), who="Eve")
    storage.files |= {path: text for path, text in third.files.items() if path.suffix == ".toml"}
    assert list(shared_numbers(library, X)) == [3]
    assert [str(one.new) for one in mended(library, storage)] == [late.replace("@3", "@4")]
    assert found(library, "x@3").text == "ours"
    assert found(library, late).text == found(library, "x@4").text == "late"
    assert found(library, ours).text == "ours"


def test_several_versions_of_one_number_all_get_one_of_their_own() -> None:
    library, storage = make_library({"project:x": ""})
    for number, text in enumerate(("b", "a", "c")):
        branch = MemoryStorage({file_of("project:x"): ""})
        put(library_on(branch), branch, text, at=NOW + timedelta(minutes=number))
        storage.files |= branch.files
    assert [str(one.new).split("@")[1][0] for one in mended(library, storage)] == ["2", "3"]
    assert [found(library, f"x@{number}").text for number in (1, 2, 3)] == ["b", "a", "c"]


def test_the_same_text_published_again_with_another_part_is_no_copy() -> None:
    library, storage = make_library({"project:p": "one"})
    text = '{% include "p" %}'
    first = put(library, storage, text)
    branch = MemoryStorage({file_of("project:x"): ""})
    put(library_on(branch), branch, "theirs")
    storage.files[file_of("project:p")] = "two"
    second = put(library, storage, text)
    storage.files |= {path: body for path, body in branch.files.items() if path.suffix == ".toml"}
    assert (first[:11], second[:11]) == ("project:x@1", "project:x@2")
    assert list(shared_numbers(library, X)) == [1]


def test_what_was_edited_by_hand_is_not_renumbered() -> None:
    library, storage, ours, _ = two_branches()
    path = VERSIONS / f"x/0002-{ours[-8:]}.toml"
    storage.files[path] = storage.files[path].replace("ours", "hours")
    before = dict(storage.files)
    assert "changed after it was recorded" in sentence(renumber(library, X))
    assert storage.files == before


@pytest.mark.parametrize("layer", ["user", "team"])
def test_another_layers_versions_are_mended_in_that_layer(layer: str) -> None:
    library, storage = make_library({f"{layer}:x": ""})
    folder: Path = file_of(f"{layer}:x").parent.parent / "versions/x"
    for number, text in enumerate(("a", "b")):
        storage.files[file_of(f"{layer}:x")] = text
        other = MemoryStorage({path: body for path, body in storage.files.items() if path.suffix != ".toml"})
        at = NOW + timedelta(minutes=number)
        made = publish(
            library_on(other), found(library_on(other), f"{layer}:x"), message="", author=None, created=at
        )
        assert isinstance(made, Recorded)
        storage.files |= dict(made.writes)
    (one,) = renumber(library, TemplateId(layer, "x"))  # type: ignore[misc]
    assert one.path == folder / f"0002-{digest_of('b')[:8]}.toml"


def _reference(text: str) -> Reference:
    name, _, version = text.removeprefix("project:").partition("@")
    number, _, digest = version.partition("-")
    return Reference(name, "project", None, int(number), digest)
