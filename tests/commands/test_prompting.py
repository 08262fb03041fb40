"""make_prompt: which template, which reference, what is written, and what is refused."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orch.commands.outcome import Refusal
from orch.commands.prompting import Prompt, make_prompt, project_library, resolve_reference
from orch.library.resolution import Found
from orch.model.session import PHASES, Notes, Phase, Risk, Session
from orch.model.template import digest_of
from orch.storage.locate import builtin_templates
from support.projects import ROOT, Desk

SESSION = Session(
    id="8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21",
    title="Add a logout button",
    project="shop",
    created=datetime(2026, 11, 21, 2, 10, tzinfo=UTC),
    request="Add a logout button.\n",
    notes=Notes(key_files=("src/menu.py",), risks=(Risk("Sessions break", "Keep the old ones"),)),
    analysis=Phase(body="# Analyse\n\nLook at [PROJECT NAME] and [MODULE].\n", result="It is in menu.py."),
    implementation=Phase(body="# Build\n"),
)
TEMPLATES = ROOT / ".orch/templates"


def made(
    desk: Desk, phase: str = "planning", session: Session = SESSION, template: str | None = None, **values: str
) -> Prompt:
    prompt = make_prompt(desk.project, session, phase, template=template, values=values)
    assert isinstance(prompt, Prompt), prompt
    return prompt


def refused(
    desk: Desk, phase: str = "planning", session: Session = SESSION, template: str | None = None, **values: str
) -> str:
    refusal = make_prompt(desk.project, session, phase, template=template, values=values)
    assert isinstance(refusal, Refusal), refusal
    assert refusal.sentence.endswith((".", "?"))
    assert "\n" not in refusal.sentence
    return refusal.sentence


def write(desk: Desk, prompt: Prompt) -> None:
    for one in prompt.writes:
        desk.storage.write(one.path, one.text, replaces=one.replaces)


@pytest.mark.parametrize("phase", PHASES)
def test_the_built_in_prompt_of_a_phase(desk: Desk, phase: str) -> None:
    prompt = made(desk, phase)
    role = {"planning": "orchestrator"}.get(phase, phase)
    assert prompt.reference.startswith(f"builtin:{role}@1-")
    assert "\nOrch-Session: 8f14e45f\n" in prompt.text
    assert "Add a logout button.\n" in prompt.text
    assert not prompt.writes
    assert prompt.experiment is prompt.arm is None


def test_the_analysis_prompt_holds_the_body_with_its_places_filled(desk: Desk) -> None:
    prompt = made(desk, "analysis")
    assert "Look at shop and [MODULE]." in prompt.text
    assert prompt.missing == ("MODULE",)
    prompt = made(desk, "analysis", MODULE="menu")
    assert "Look at shop and menu." in prompt.text
    assert prompt.missing == ()


def test_what_a_model_wrote_is_never_evaluated(desk: Desk) -> None:
    body = "{{ 7 * 7 }} {% include 'x' %} {# gone #} {{ undefined_name }} [MODULE] {{ request }}\n{% raw %}"
    session = replace(SESSION, analysis=Phase(body=body))
    prompt = made(desk, "analysis", session, MODULE="{{ 6 * 6 }} [MODULE] {{ title }}")
    assert (
        "{{ 7 * 7 }} {% include 'x' %} {# gone #} {{ undefined_name }} {{ 6 * 6 }} [MODULE] {{ title }} "
        "Add a logout button.\n\n{% raw %}"
    ) in prompt.text


def test_the_analysis_result_comes_once_into_the_implementation_prompt(desk: Desk) -> None:
    assert made(desk, "implementation").text.count("It is in menu.py.") == 1
    slot = replace(SESSION, implementation=Phase(body="Do it.\n\n[PASTE ANALYSIS RESULTS HERE]\n\nNow."))
    text = made(desk, "implementation", slot).text
    assert "Do it.\n\nIt is in menu.py.\n\nNow." in text
    assert text.count("It is in menu.py.") == 1


def test_the_feature_type_chooses_its_own_template(desk: Desk) -> None:
    prompt = made(desk, session=replace(SESSION, feature_type="bugfix"))
    assert prompt.reference.startswith("builtin:bugfix/orchestrator@1-")
    assert "bug report" in prompt.text
    odd = made(desk, session=replace(SESSION, feature_type="../../x"))
    assert odd.reference.startswith("builtin:orchestrator@1-")


def test_a_projects_own_template_is_recorded_with_its_parts(desk: Desk) -> None:
    text = '{% extends "orchestrator" %}\n{% block role %}You are Ada.\n{% endblock %}\n'
    desk.storage.files[TEMPLATES / "orchestrator.md.j2"] = text
    prompt = made(desk)
    assert prompt.reference == f"project:orchestrator@0-{digest_of(text)[:8]}"
    assert "You are Ada.\n" in prompt.text
    assert "Orch-Session: 8f14e45f" in prompt.text
    (version,) = prompt.writes
    assert version.path == ROOT / f".orch/versions/orchestrator/0000-{digest_of(text)[:8]}.toml"
    assert "builtin:orchestrator@1-" in version.text
    write(desk, prompt)
    again = made(desk)
    assert (again.reference, again.writes) == (prompt.reference, ())


def test_nothing_is_written_by_making_a_prompt(desk: Desk) -> None:
    desk.storage.files[TEMPLATES / "orchestrator.md.j2"] = "x"
    before = dict(desk.storage.files)
    made(desk)
    assert desk.storage.files == before


def test_a_recorded_reference_makes_the_same_prompt_again(desk: Desk) -> None:
    path = TEMPLATES / "orchestrator.md.j2"
    desk.storage.files[path] = '{{ request }}{% include "part" %}'
    desk.storage.files[TEMPLATES / "part.md.j2"] = "old"
    first = made(desk)
    write(desk, first)
    desk.storage.files[TEMPLATES / "part.md.j2"] = "new"
    assert made(desk).text == "Add a logout button.\nnew"
    again = made(desk, template=first.reference)
    assert (again.text, again.reference, again.writes) == (first.text, first.reference, ())
    del desk.storage.files[path]
    assert made(desk, template=first.reference).text == first.text


@pytest.mark.parametrize(
    "path", sorted(builtin_templates().rglob("versions/**/*.toml")), ids=lambda path: path.stem
)
def test_every_version_of_a_built_in_resolves_to_its_bytes(desk: Desk, path: Path) -> None:
    name = path.relative_to(builtin_templates() / "versions").parent.as_posix()
    number, digest8 = path.stem.split("-")
    found = resolve_reference(project_library(desk.project), f"builtin:{name}@{int(number)}-{digest8}", "feature")
    assert isinstance(found, Found)
    assert digest_of(found.text)[:8] == digest8


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("nope", "There is no template `nope`."),
        ("orchestrater", "did you mean `orchestrator`?"),
        ("../x", "is no"),
        ("builtin:orchestrator@99", "There is no version `builtin:orchestrator@99`."),
        ("C:/x", "is no"),
        ("nope:x", "There is no layer `nope`"),
    ],
)
def test_a_template_that_cannot_be_had_is_refused(desk: Desk, template: str, words: str) -> None:
    sentence = refused(desk, template=template)
    assert words in sentence or "not a reference" in sentence


def test_a_mistake_in_a_template_is_told_with_its_line_in_the_file(desk: Desk) -> None:
    desk.storage.files[TEMPLATES / "orchestrator.md.j2"] = '+++\ndescription = "x"\n+++\n\n{{ requst }}\n'
    assert refused(desk) == "`requst` is not defined in project:orchestrator, line 5; did you mean `request`?"


def test_inputs_have_their_default_their_choices_and_their_own_sentence(desk: Desk) -> None:
    desk.storage.files[TEMPLATES / "orchestrator.md.j2"] = (
        '+++\n[inputs.depth]\ndefault = "normal"\nchoices = ["quick", "normal"]\n'
        '[inputs.audience]\ndescription = "Who reads it."\n+++\n{{ depth }} {{ audience }}'
    )
    assert made(desk, audience="users").text == "normal users"
    assert made(desk, audience="users", depth="quick").text == "quick users"
    assert refused(desk, audience="users", depth="deep") == "`depth` is 'deep', but must be one of quick, normal."
    assert refused(desk) == (
        "project:orchestrator needs a value for its input `audience` (Who reads it); give it one and try again."
    )
    assert refused(desk, audience="users", dept="quick") == (
        "The prompt asks for no value `dept`; did you mean `depth`?"
    )


def test_a_value_that_the_session_has_already_may_have_lost_its_input(desk: Desk) -> None:
    session = replace(SESSION, planning=Phase(values={"tone": "dry"}))
    assert made(desk, session=session, tone="dry").reference.startswith("builtin:orchestrator@")
    assert "`tone`" in refused(desk, session=session, tone="wet")


def test_inputs_and_extensions_of_the_configuration_count(desk: Desk) -> None:
    desk.storage.files[ROOT / ".orch/config.toml"] = (
        'project = "Store"\n[jinja]\nextensions = ["do"]\n[inputs.tone]\ndefault = "dry"\n'
    )
    desk.storage.files[TEMPLATES / "orchestrator.md.j2"] = "{% do 1 %}{{ tone }} {{ project.name }}"
    assert made(desk, session=replace(SESSION, project="")).text == "dry Store"
    assert made(desk, tone="wet").text == "wet shop"


def test_a_template_that_never_ends_is_refused(desk: Desk) -> None:
    desk.storage.files[TEMPLATES / "orchestrator.md.j2"] = '{{ "a" * 10**9 }}'
    assert "too large" in refused(desk)


def test_an_upgrade_of_a_built_in_is_told_with_the_first_prompt_that_stands_on_it(
    desk: Desk, tmp_path: Path
) -> None:
    desk = replace(desk, project=replace(desk.project, builtins=tmp_path))
    desk.storage.files[TEMPLATES / "orchestrator.md.j2"] = '{% extends "orchestrator" %}'
    for number, text in enumerate(("one", "two"), start=1):
        digest = digest_of(text)
        desk.storage.files[tmp_path / "orchestrator.md.j2"] = text
        desk.storage.files[tmp_path / f"versions/orchestrator/{number:04d}-{digest[:8]}.toml"] = (
            f'template = "orchestrator"\nversion = {number}\ndigest = "{digest}"\nparts = []\nbody = "{text}"\n'
        )
        prompt = made(desk)
        assert prompt.text == text
        if number == 1:
            assert prompt.notices == ()
            first = prompt.reference
            write(desk, prompt)
    (notice,) = prompt.notices
    assert notice == (
        "Built-in orchestrator 1 -> 2; your project's template `orchestrator` extends it. "
        f"To compare: orch template diff {first} {prompt.reference} --rendered"
    )
    write(desk, prompt)
    assert made(desk).notices == ()


def test_a_version_changed_by_hand_is_refused_and_stays(desk: Desk) -> None:
    desk.storage.files[TEMPLATES / "orchestrator.md.j2"] = "one"
    prompt = made(desk)
    write(desk, prompt)
    path = prompt.writes[0].path
    desk.storage.files[path] = desk.storage.files[path].replace("one", "won")
    assert "changed after it was recorded" in refused(desk, template=prompt.reference)
    assert made(desk).reference != prompt.reference


def test_a_recorded_version_keeps_the_extensions_that_it_uses(desk: Desk) -> None:
    settings = ROOT / ".orch/config.toml"
    desk.storage.files[settings] = '[jinja]\nextensions = ["do"]\n'
    desk.storage.files[TEMPLATES / "orchestrator.md.j2"] = '{% do 1 %}{% include "p" %}'
    desk.storage.files[TEMPLATES / "p.md.j2"] = "{% do 2 %}part"
    prompt = made(desk)
    write(desk, prompt)
    del desk.storage.files[settings]
    assert made(desk, template=prompt.reference).text == prompt.text == "part"
    assert "unknown tag 'do'" in refused(desk)
