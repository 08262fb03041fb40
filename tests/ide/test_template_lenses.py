"""The lenses of a template: which layer won, what it hides, and what can be done with it."""

from datetime import UTC, datetime

from orch.ide.template_actions import template_actions
from orch.ide.template_findings import slow_findings
from orch.ide.template_hover import template_hover
from orch.ide.template_lenses import choice_line, template_lenses
from orch.ide.template_surroundings import LibrarySurroundings
from orch.ide.template_view import Desk, TemplateView, desk_of
from orch.library.layers import Library
from orch.library.publishing import publish
from orch.library.recording import Recorded
from orch.library.version_history import renumber
from orch.model.reference import BadReference, TemplateId
from orch.storage.memory import MemoryStorage
from support.libraries import file_of, found, library_on, make_library, recorded

NOW = datetime(2026, 11, 21, 2, 10, tzinfo=UTC)
OURS = frozenset(
    {"orch.customizeTemplate", "orch.previewTemplate", "orch.publishTemplate", "orch.compareTemplates"}
)


def desk(library: Library, template: TemplateId, text: str | None = None) -> Desk:
    path = file_of(str(template))
    shown = text if text is not None else library.files.read(path)
    return desk_of(TemplateView(shown or "", path), LibrarySurroundings(library, template))


def lenses(
    library: Library, template: TemplateId, ours: frozenset[str] = frozenset()
) -> list[tuple[str, str, object]]:
    found = template_lenses(desk(library, template), ours)
    assert all(tuple(lens.span) == (0, 0) for lens in found)
    return [(lens.command.title, lens.command.name, dict(lens.command.arguments)) for lens in found]


def ship(library: Library, storage: MemoryStorage, template: str, text: str) -> None:
    storage.files[file_of(template)] = text
    made = publish(library, found(library, template), message="m", author=None, created=NOW)
    assert isinstance(made, Recorded)
    storage.files |= dict(made.writes)


def test_the_layer_that_won_and_what_it_hides() -> None:
    library, storage = make_library({"project:x": "mine"})
    ship(library, storage, "builtin:x", "base")
    name = {"name": file_of("project:x").as_uri()}
    assert lenses(library, TemplateId("project", "x")) == [
        ("project, not published - used - hides builtin:x", "orch.template.show", name)
    ]
    assert lenses(library, TemplateId("project", "x"), OURS)[1:] == [
        ("Preview", "orch.previewTemplate", name),
        ("Publish", "orch.publishTemplate", name),
    ]
    assert lenses(library, TemplateId("builtin", "x")) == [
        ("builtin, version 1 - hidden by project:x", "orch.template.show", {"name": file_of("builtin:x").as_uri()}),
        ("Customize", "orch.template.customize", {"name": "x"}),
    ]


def test_a_published_text_is_not_offered_to_be_published() -> None:
    library, storage = make_library({})
    ship(library, storage, "project:bugfix/x", "mine")
    assert [title for title, _, _ in lenses(library, TemplateId("project", "x", "bugfix"), OURS)] == [
        "project, version 1 - used",
        "Preview",
    ]
    edited = template_lenses(desk(library, TemplateId("project", "x", "bugfix"), "edited"), OURS)
    assert [lens.command.title for lens in edited] == ["project, not published - used", "Preview", "Publish"]


def test_a_built_in_for_a_type_is_customised_for_that_type() -> None:
    library, storage = make_library({})
    ship(library, storage, "builtin:bugfix/x", "base")
    told = lenses(library, TemplateId("builtin", "x", "bugfix"), OURS)
    assert told[1] == ("Customize", "orch.customizeTemplate", {"name": "x", "featureType": "bugfix"})


def test_an_upgrade_below_it_and_numbers_that_are_shared() -> None:
    library, storage = make_library({"project:x": '{% extends "x" %}'})
    ship(library, storage, "builtin:x", "one")
    used = recorded(library, storage, "project:x")
    ship(library, storage, "builtin:x", "two")
    branch = MemoryStorage(storage.files)
    ship(library_on(branch), branch, "project:x", '{% extends "x" %} theirs')
    ship(library, storage, "project:x", '{% extends "x" %} ours')
    mine = TemplateId("project", "x")
    assert len(lenses(library, mine)) == 1
    storage.files |= {path: text for path, text in branch.files.items() if path.suffix == ".toml"}
    assert lenses(library, mine)[1:] == [
        (
            "Two versions have the number 1: give each its own",
            "orch.template.publish",
            {"name": file_of("project:x").as_uri(), "renumber": True},
        )
    ]
    storage.files = {
        path: text for path, text in storage.files.items() if "0001" not in path.name or "opt" in str(path)
    }
    sides = {"left": used, "right": file_of("project:x").as_uri(), "rendered": True}
    assert lenses(library, mine)[1:] == [
        ("Built-in x 1 -> 2: compare", "orch.template.diff", {**sides, "open": True})
    ]
    assert lenses(library, mine, OURS)[-1][1] == "orch.compareTemplates"


def test_none_outside_of_a_project() -> None:
    assert template_lenses(desk_of(TemplateView("text", None), None), OURS) == []


def test_what_a_name_in_the_template_means() -> None:
    library, _ = make_library({"project:x": "", "builtin:x": "", "user:p": "", "builtin:p": ""})
    here = desk(library, TemplateId("project", "x"))
    assert choice_line(here, "x") == "`builtin:x` is used; it hides no other."
    assert choice_line(here, "p") == "`user:p` is used; it hides `builtin:p`."
    assert choice_line(here, "q") == choice_line(here, "x@1") == choice_line(here, "../x") == ""
    assert choice_line(desk_of(TemplateView("", None), None), "x") == ""


def test_the_light_bulb_gives_each_version_a_number_of_its_own() -> None:
    library, storage = make_library({})
    branch = MemoryStorage({})
    ship(library_on(branch), branch, "project:x", "theirs")
    ship(library, storage, "project:x", "ours")
    storage.files |= {path: text for path, text in branch.files.items() if path.suffix == ".toml"}
    here = desk(library, TemplateId("project", "x"))
    view = TemplateView(here.text, here.path)
    findings = [finding for finding in slow_findings(view, here) if finding.rule == "duplicate-version"]
    assert [tuple(finding.span) for finding in findings] == [(0, 4)]
    action, *_ = template_actions(here, findings)
    assert action.command is not None
    assert (action.command.name, action.command.arguments) == (
        "orch.template.publish",
        {"name": file_of("project:x").as_uri(), "renumber": True},
    )
    made = renumber(library, TemplateId("project", "x"))
    assert not isinstance(made, BadReference)
    storage.files |= {one.path: one.text for one in made}
    here = desk(library, TemplateId("project", "x"))
    assert not [finding for finding in slow_findings(view, here) if finding.rule == "duplicate-version"]


def test_a_hover_on_a_name_says_which_layer_won() -> None:
    library, _ = make_library({"project:x": '{% include "p" %}', "user:p": "", "builtin:p": ""})
    hover = template_hover(desk(library, TemplateId("project", "x")), 12)
    assert hover is not None
    assert hover.markdown.endswith("`user:p` is used; it hides `builtin:p`.")
