"""Which template a name means."""

from dataclasses import replace
from pathlib import Path

import pytest

from orch.library.layers import open_library
from orch.library.resolution import all_templates, resolve_working_copy
from orch.model.config import Configuration, SharedLayer
from orch.storage.memory import MemoryStorage
from support.libraries import BUILTINS, FOLDERS, ROOT, USER, closure, file_of, found, make_library, sentence


@pytest.mark.parametrize(
    ("there", "feature_type", "expected"),
    [
        (["builtin:x"], "bugfix", "builtin:x"),
        (["builtin:x", "builtin:bugfix/x"], "bugfix", "builtin:bugfix/x"),
        (["builtin:x", "builtin:bugfix/x"], "docs", "builtin:x"),
        (["team:x", "builtin:bugfix/x"], "bugfix", "team:x"),
        (["user:x", "team:bugfix/x"], "bugfix", "user:x"),
        (["project:x", "user:bugfix/x"], "bugfix", "project:x"),
        (["project:x", "project:bugfix/x", "user:bugfix/x"], "bugfix", "project:bugfix/x"),
        (["project:docs/x", "builtin:x"], "bugfix", "builtin:x"),
    ],
)
def test_the_nearest_layer_wins_and_in_it_the_feature_type(
    there: list[str], feature_type: str, expected: str
) -> None:
    library, _ = make_library(dict.fromkeys(there, "text"))
    assert found(library, "x", feature_type).key == expected


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("x", "project:bugfix/x"),
        ("builtin:x", "builtin:bugfix/x"),
        ("user:x", "user:x"),
        ("docs/x", "builtin:docs/x"),
        ("builtin:docs/x.md.j2", "builtin:docs/x"),
        ("team:lib/m", "team:lib/m"),
    ],
)
def test_a_reference_may_pick_the_layer_and_the_type(reference: str, expected: str) -> None:
    names = ["project:bugfix/x", "user:x", "builtin:x", "builtin:bugfix/x", "builtin:docs/x", "team:lib/m"]
    library, _ = make_library(dict.fromkeys(names, "text"))
    assert found(library, reference, "bugfix").key == expected


def test_both_extensions_count_and_the_longer_goes_first() -> None:
    library, storage = make_library({})
    storage.files[file_of("project:x", ".j2")] = "short"
    assert found(library, "x").text == "short"
    storage.files[file_of("project:x")] = "long"
    assert found(library, "x").text == "long"
    assert [str(template) for template, _ in all_templates(library)] == ["project:x"]


def test_texts_come_with_lf_and_without_a_byte_order_mark() -> None:
    library, _ = make_library({"project:x": "\ufeffa\r\nb\r\n"})
    assert found(library, "x").text == "a\nb\n"


@pytest.mark.parametrize("text", ["../x", "x@", "C:/x", "/x", "a b", ""])
def test_what_is_no_reference_is_refused(text: str) -> None:
    library, _ = make_library({"project:x": ""})
    sentence(resolve_working_copy(library, text, "feature"))


def test_a_name_that_is_not_there_is_told_with_the_nearest_one() -> None:
    library, _ = make_library({"project:orchestrator": "", "builtin:bugfix/analysis": ""})
    assert sentence(resolve_working_copy(library, "orchestrater", "feature")) == (
        "There is no template `orchestrater`; did you mean `orchestrator`?"
    )
    assert sentence(resolve_working_copy(library, "bugfix/analyse", "feature")).endswith("`bugfix/analysis`?")
    assert sentence(resolve_working_copy(library, "zzz", "feature")) == "There is no template `zzz`."
    assert sentence(resolve_working_copy(library, "nope:x", "feature")) == (
        "There is no layer `nope`; there are project, user, team, builtin."
    )


def test_a_feature_type_that_nobody_declared_is_no_folder() -> None:
    library, storage = make_library({"builtin:x": "general"})
    storage.files[FOLDERS["project"].parent / "x.md.j2"] = "outside"
    assert found(library, "x", "..").key == "builtin:x"
    assert found(library, "x", "../../..").key == "builtin:x"


def test_a_feature_type_of_the_configuration_is_one() -> None:
    library, _ = make_library({"project:infra/x": "", "builtin:x": ""}, feature_types={"infra": ""})
    assert found(library, "x", "infra").id.feature_type == "infra"
    assert found(library, "infra/x").id.feature_type == "infra"
    assert found(library, "x", "feature").key == "builtin:x"


def test_a_shared_layer_may_be_named_by_its_templates_folder() -> None:
    library, storage = make_library({"team:x": "ours"})
    assert found(library, "team:x").text == "ours"
    layers = (SharedLayer("team", "prompts/templates"),)
    named = open_library(storage, ROOT, USER, BUILTINS, Configuration(layers=layers))
    assert found(named, "team:x").text == "ours"
    assert named.layers[2].versions == library.layers[2].versions


def test_extending_its_own_name_means_the_next_one_below() -> None:
    library, _ = make_library(
        {
            "project:x": '{% extends "x" %}',
            "builtin:bugfix/x": '{% extends "x" %}',
            "builtin:x": "end",
        }
    )
    assert list(closure(library, "x", "bugfix").templates) == ["project:x", "builtin:bugfix/x", "builtin:x"]
    assert list(closure(library, "x", "docs").templates) == ["project:x", "builtin:x"]


def test_a_chain_through_every_layer_ends() -> None:
    names = [f"{layer}:{kind}x" for layer in FOLDERS for kind in ("bugfix/", "")]
    library, _ = make_library(dict.fromkeys(names, '{% extends "x" %}'))
    made = closure(library, "x", "bugfix")
    assert list(made.templates) == names
    assert not made.routes["builtin:x"]


def test_a_picked_layer_is_asked_below_too() -> None:
    library, _ = make_library(
        {"project:bugfix/x": '{% extends "project:x" %}', "project:x": '{% include "project:x" %}'}
    )
    made = closure(library, "x", "bugfix")
    assert list(made.templates) == ["project:bugfix/x", "project:x"]
    assert not made.routes["project:x"]


def test_another_name_starts_again_at_the_nearest_layer() -> None:
    library, _ = make_library(
        {"builtin:x": '{% include "part" %}', "project:part": "mine", "builtin:part": "theirs"}
    )
    assert closure(library, "x").routes == {"builtin:x": {"part": "project:part"}, "project:part": {}}


def test_names_that_cannot_be_are_passed_over_in_lists() -> None:
    library, storage = make_library({"project:x": ""})
    for name in ("a b", "con", "ok/../y"):
        storage.files[FOLDERS["project"] / f"{name}.j2"] = ""
    storage.files[FOLDERS["project"] / "notes.txt"] = ""
    assert [str(template) for template, _ in all_templates(library)] == ["project:x"]


def test_only_the_files_that_could_win_are_looked_at() -> None:
    many = {f"project:lib/t{number}": "" for number in range(1000)}
    library, storage = make_library({**many, "user:bugfix/x": "text", "builtin:x": "text"})
    read: list[Path] = []

    class Watched(MemoryStorage):
        def read(self, path: Path) -> str | None:
            read.append(path)
            return super().read(path)

        list = None  # nothing needs to be listed

    watched = replace(library, files=Watched(storage.files))
    assert found(watched, "x", "bugfix").key == "user:bugfix/x"
    assert read == [
        file_of("project:bugfix/x"),
        file_of("project:bugfix/x", ".j2"),
        file_of("project:x"),
        file_of("project:x", ".j2"),
        file_of("user:bugfix/x"),
    ]
