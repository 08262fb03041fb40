"""The built-in templates: every prompt is whole, every text is recorded, and what they promise is there."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from orch.library.closure import closure_of, declared_inputs, front_matter
from orch.library.layers import Library, open_library
from orch.library.recording import Recorded, record
from orch.library.resolution import Found, all_templates, find_working_copy, resolve_working_copy
from orch.model.config import Configuration
from orch.model.reference import TemplateId
from orch.model.session import FEATURE_TYPES, PHASES, ROLES, Notes, Phase, Risk, Session
from orch.model.template import read_front_matter, split_template
from orch.model.toml import exact_toml_data
from orch.render.port import Rendered, RenderJob
from orch.render.worker_renderer import WorkerRenderer
from orch.storage.disk import DiskStorage
from orch.storage.locate import builtin_templates
from orch.workflow.extraction import extract
from orch.workflow.extraction_result import State
from orch.workflow.prompt_context import ProjectFacts, fill_body, input_values, prompt_variables
from orch.workflow.session_line import session_line

BUILTINS = builtin_templates()
NOWHERE = Path("/nowhere").absolute()
BLOCKS = ("role", "context", "task", "guidelines", "answer_form")
FULL = ProjectFacts(
    "shop",
    "/shop",
    "src/\n  menu.py",
    "--- AGENTS.md ---\nBe kind.",
    ("Python", "SQL"),
    (("README.md", "# Shop\n\nSells things.\n"),),
)
EMPTY = ProjectFacts("shop", "/shop")
SESSION = Session(
    id="8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21",
    title="Add a logout button",
    request="Add a logout button.\n",
    notes=Notes("", "low", "2 hours", ("src/menu.py",), (Risk("Sessions break", "Keep them"), Risk("Cost"))),
    analysis=Phase(body="Look at the menu.", result="It is in menu.py."),
    implementation=Phase(body="Build it."),
)


@pytest.fixture(scope="module")
def renderer() -> Iterator[WorkerRenderer]:
    made = WorkerRenderer()
    yield made
    made.close()


def library() -> Library:
    return open_library(DiskStorage(BUILTINS), NOWHERE, NOWHERE, BUILTINS, Configuration())


TEMPLATES = [template for template, _ in all_templates(library())]


def prompt(
    renderer: WorkerRenderer,
    phase: str,
    feature_type: str,
    facts: ProjectFacts = FULL,
    request: str = SESSION.request,
    **values: str,
) -> str:
    session = Session(**{**{name: getattr(SESSION, name) for name in SESSION.__slots__}, "request": request})
    found = resolve_working_copy(library(), ROLES[phase], feature_type)
    assert isinstance(found, Found)
    closure = closure_of(library(), found, feature_type)
    inputs = input_values(declared_inputs(library(), closure), values)
    assert isinstance(inputs, dict), inputs
    body = fill_body(session, phase, values)
    variables = prompt_variables(session, phase, facts, date(2026, 11, 21), body, inputs)
    made = renderer.render(RenderJob(closure.entry.key, closure.texts(), closure.all_routes(), variables))
    assert isinstance(made, Rendered), made
    return made.text


@pytest.mark.parametrize("template", TEMPLATES, ids=str)
@pytest.mark.parametrize("feature_type", FEATURE_TYPES)
def test_every_text_is_recorded_as_a_version(template: TemplateId, feature_type: str) -> None:
    """A built-in that was edited needs a version: run tools/publish_templates.py with a line on what changed."""
    found = find_working_copy(library(), template)
    assert found is not None
    made = record(library(), closure_of(library(), found, template.feature_type or feature_type), feature_type)
    assert isinstance(made, Recorded), made
    assert not made.writes, f"run: python tools/publish_templates.py 'what changed' ({template})"
    assert made.reference.version
    assert made.reference.version > 0


def test_the_versions_are_numbered_without_a_gap() -> None:
    for folder in {path.parent for path in (BUILTINS / "versions").rglob("*.toml")}:
        numbers = sorted(int(path.stem.split("-")[0]) for path in folder.glob("*.toml"))
        assert numbers == list(range(1, len(numbers) + 1)), folder


@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_every_template_says_what_it_is_for_and_has_an_example(template: TemplateId) -> None:
    found = find_working_copy(library(), template)
    assert found is not None
    data = exact_toml_data(split_template(found.text).front or "")
    front, problems = read_front_matter(data)
    assert not problems
    assert front.description
    assert front.examples
    assert all(example.request for example in front.examples)
    assert all(asked.description for asked in front.inputs.values())


@pytest.mark.parametrize("role", ROLES.values())
def test_the_general_templates_are_made_of_the_public_blocks(role: str) -> None:
    text = (BUILTINS / f"{role}.md.j2").read_text("utf-8")
    assert tuple(re.findall(r"{% block (\w+) %}", text)) == BLOCKS


@pytest.mark.parametrize("template", [one for one in TEMPLATES if one.feature_type], ids=str)
def test_those_of_a_type_override_public_blocks_only(template: TemplateId) -> None:
    found = find_working_copy(library(), template)
    assert found is not None
    assert f'{{% extends "{template.name}" %}}' in found.text
    assert set(re.findall(r"{% block (\w+) %}", found.text)) < set(BLOCKS)


@pytest.mark.parametrize("facts", [FULL, EMPTY], ids=["full", "empty"])
@pytest.mark.parametrize("feature_type", FEATURE_TYPES)
@pytest.mark.parametrize("phase", PHASES)
def test_every_prompt_reads_well(
    renderer: WorkerRenderer, phase: str, feature_type: str, facts: ProjectFacts
) -> None:
    text = prompt(renderer, phase, feature_type, facts)
    assert "\n\n\n" not in text
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)
    assert text.startswith("# ")
    assert text.endswith("\n")
    assert "None" not in text
    assert "{{" not in text
    assert "{%" not in text
    assert text.count("Orch-Session:") == 1
    assert session_line(text) == "8f14e45f"
    assert "Add a logout button.\n" in text
    for tag in ("request", "task", "findings", "project_tree", "project_guidelines", "project_files"):
        assert text.count(f"\n<{tag}>\n") == text.count(f"\n</{tag}>\n") <= 1
    assert ("<project_guidelines>" in text) == (facts is FULL)
    # numbered lists count on without a gap, also where a type adds to them
    for first in re.finditer(r"^1\. .*(?:\n(?:\d+\.| ) .*)*", text, re.MULTILINE):
        numbers = [int(number) for number in re.findall(r"^(\d+)\. ", first[0], re.MULTILINE)]
        assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("feature_type", FEATURE_TYPES)
def test_the_planning_prompt_asks_for_the_three_parts_in_the_form_that_is_read_best(
    renderer: WorkerRenderer, feature_type: str
) -> None:
    text = prompt(renderer, "planning", feature_type)
    for tag in ("analysis_template", "implementation_template", "execution_notes"):
        assert f"`<{tag}>`" in text
        assert f"`</{tag}>`" in text
    for label in ("Complexity:", "Time estimate:", "Key files:", "Risks:", "Mitigation:"):
        assert f"`{label}`" in text
    assert "[PASTE ANALYSIS RESULTS HERE]" in text


@pytest.mark.parametrize("feature_type", FEATURE_TYPES)
@pytest.mark.parametrize("phase", PHASES)
def test_a_prompt_is_never_taken_for_an_answer(renderer: WorkerRenderer, phase: str, feature_type: str) -> None:
    found = extract(prompt(renderer, phase, feature_type))
    assert {found.part(name).state for name in ("analysis", "implementation", "notes")} == {State.MISSING}


def test_an_answer_in_the_form_that_is_asked_for_is_read_in_full() -> None:
    found = extract(_ANSWER)
    assert {found.part(name).state for name in ("analysis", "implementation", "notes")} == {State.FOUND}
    assert found.fields.complexity == "low-medium"
    assert found.fields.time_estimate == "4-6 hours"
    assert found.fields.key_files == ("src/menu.py", "src/auth.py")
    assert found.fields.risks == (Risk("Open sessions break", "Keep the old cookie for a week"), Risk("Cost"))
    assert "[PASTE ANALYSIS RESULTS HERE]" in found.implementation.text


_ANSWER = """\
Orch-Session: 8f14e45f

<analysis_template>
# Find out how sessions end

1. Where is the session cookie set? `path:line`

```python
logout()
```
</analysis_template>
<implementation_template>
# Add the button

[PASTE ANALYSIS RESULTS HERE]

## Steps

1. Add the route.
</implementation_template>
<execution_notes>
Complexity: low-medium
Time estimate: 4-6 hours
Key files:
- src/menu.py: the menu
- src/auth.py: the session
Risks:
- Open sessions break
  Mitigation: Keep the old cookie for a week
- Cost
Assumptions:
- The button is in the account menu
</execution_notes>
"""


@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_the_examples_render(renderer: WorkerRenderer, template: TemplateId) -> None:
    phase = next(phase for phase, role in ROLES.items() if role == template.name)
    found = find_working_copy(library(), template)
    assert found is not None
    for example in front_matter(found.text).examples:
        kind = template.feature_type or "feature"
        assert example.request.strip() in prompt(renderer, phase, kind, FULL, example.request, **example.values)


@pytest.mark.parametrize("depth", ["quick", "normal", "deep"])
def test_the_depth_changes_what_is_asked(renderer: WorkerRenderer, depth: str) -> None:
    text = prompt(renderer, "planning", "feature", depth=depth)
    assert ("25 lines" in text) == (depth == "quick")
    assert ("git blame" in text) == (depth == "deep")
