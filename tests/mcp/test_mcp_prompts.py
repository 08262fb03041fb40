"""Templates as prompts: what they ask for, rendered as a preview is, and completion."""

from pathlib import Path

import pytest
from mcp.shared.exceptions import MCPError
from mcp.types import GetPromptResult, PromptReference, ResourceTemplateReference

from orch.commands.outcome import Refusal
from orch.mcp.projects import Projects
from orch.mcp.prompts import Argument, completions, prompt_cards, render_prompt
from support.mcp_client import connected, connected_today, data
from support.projects import planning_answer

OWN = """\
+++
description = "Plans it our way."
[inputs.tone]
description = "How it sounds"
choices = ["dry", "warm"]
[inputs.deep]
description = "Whether to go deep."
default = false
[inputs.who]
+++
{{ tone }} {{ deep }} {{ who }} {{ request }} {{ project.name }} {{ feature_type }} {{ session.id }}
"""


def write_template(folder: Path, name: str, text: str) -> None:
    path = folder / f".orch/templates/{name}.md.j2"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_roles_and_those_of_the_types_that_have_their_own(projects: Projects, folder: Path) -> None:
    write_template(folder, "docs/analysis", "{{ request }}")
    (folder / ".orch/config.toml").write_text('[feature_types]\nspike = "Try it out"\n')
    write_template(folder, "spike/orchestrator", "{{ request }}")
    write_template(folder, "lib/part", "{{ request }}")
    cards = {card.name: card for card in prompt_cards(projects.at(folder))}
    assert list(cards)[:3] == ["orchestrator", "analysis", "implementation"]
    assert {"orchestrator-bugfix", "analysis-docs", "orchestrator-spike"} <= set(cards)
    assert not {"analysis-spike", "analysis-refactor", "lib/part"} & set(cards)
    assert cards["analysis-docs"].description == "The template `project:docs/analysis`. Nothing is recorded."
    types = next(one for one in cards["orchestrator"].arguments if one.name == "feature_type")
    assert "spike" in types.choices
    assert [one.name for one in cards["orchestrator-bugfix"].arguments] == ["request", "depth"]
    assert [one.name for one in cards["analysis"].arguments] == ["session"]


def test_inputs_are_arguments(projects: Projects, folder: Path) -> None:
    write_template(folder, "orchestrator", OWN)
    card = prompt_cards(projects.at(folder))[0]
    assert (card.title, card.description) == (
        "Plan a change",
        "Plans it our way. Nothing is recorded; the tool plan starts a session.",
    )
    assert card.arguments[0] == Argument("request", "What is wanted, in one or more sentences", required=True)
    assert card.arguments[2:] == (
        Argument("tone", "How it sounds; one of dry, warm", True, ("dry", "warm")),
        Argument("deep", "Whether to go deep; one of true, false; false without it", False, ("true", "false")),
        Argument("who", "The input who", True),
    )


WRONG = [
    ("orchestrator", {}, "The prompt orchestrator needs 'request'."),
    ("orchestrator", {"request": " "}, "The prompt orchestrator needs 'request'."),
    ("orchestrator", {"request": "Add it", "tone": "dry"}, "The prompt orchestrator needs 'who'."),
    (
        "orchestrator",
        {"request": "Add it", "tone": "loud", "who": "me"},
        "`tone` is 'loud', but must be one of dry, warm.",
    ),
    (
        "orchestrator",
        {"request": "Add it", "tone": "dry", "who": "me", "colour": "red"},
        "The prompt orchestrator does not take 'colour'; it takes request, feature_type, tone, deep, who.",
    ),
    (
        "orchestrator",
        {"request": "Add it", "tone": "dry", "who": "me", "feature_type": "epic"},
        "There is no feature type 'epic'; it is one of feature, bugfix, refactor, performance, migration, docs.",
    ),
    ("orchestra", {}, "There is no prompt 'orchestra'; there are orchestrator, analysis, implementation, "),
    ("analysis", {}, "No session has what the prompt analysis is made of; the tool plan starts one."),
    ("analysis", {"session": "../x.orch"}, "../x.orch lies outside the project; name the session by its id."),
    ("analysis", {"session": "00000000"}, "There is no session '00000000' in this project."),
]


@pytest.mark.parametrize(("name", "given", "said"), WRONG, ids=[f"{name}-{given}" for name, given, _ in WRONG])
def test_a_prompt_that_cannot_be_made(
    projects: Projects, folder: Path, name: str, given: dict[str, str], said: str
) -> None:
    write_template(folder, "orchestrator", OWN)
    made = render_prompt(projects.at(folder), name, given)
    assert isinstance(made, Refusal)
    assert made.sentence.startswith(said)


def test_what_the_template_cannot_do_is_said(projects: Projects, folder: Path) -> None:
    write_template(folder, "orchestrator", "{{ reqest }}")
    made = render_prompt(projects.at(folder), "orchestrator", {"request": "Add it"})
    assert isinstance(made, Refusal)
    assert "reqest" in made.sentence


def test_completion(projects: Projects, folder: Path) -> None:
    write_template(folder, "orchestrator", OWN)
    project = projects.at(folder)
    assert completions(project, "orchestrator", "tone", "W") == ["warm"]
    assert completions(project, "orchestrator", "deep", "") == ["true", "false"]
    assert completions(project, "orchestrator", "feature_type", "re") == ["refactor"]
    assert completions(project, "analysis", "session", "") == []
    assert completions(project, "orchestrator-bugfix", "depth", "") == []  # the project's own comes before it
    assert completions(project, "orchestrator", "request", "") == []
    assert completions(project, "nothing", "request", "") == []


@pytest.mark.asyncio
async def test_a_real_client_gets_them_and_nothing_is_recorded(folder: Path) -> None:
    write_template(folder, "orchestrator", OWN)
    async with connected(folder) as client:
        listed = {prompt.name: prompt for prompt in (await client.list_prompts()).prompts}
        arguments = {one.name: one for one in listed["orchestrator"].arguments or ()}
        assert (arguments["request"].required, arguments["deep"].required) == (True, False)
        before = files(folder)
        given = {"request": "Fix the bell", "tone": "dry", "who": "all"}
        made = await client.get_prompt("orchestrator", given)
        assert isinstance(made, GetPromptResult)
        (message,) = made.messages
        assert message.role == "user"
        assert message.content.type == "text"
        assert message.content.text == "dry False all Fix the bell shop bugfix \n"
        assert made.description == "Made by project:orchestrator."
        given |= {"feature_type": "feature", "deep": ""}
        made = await client.get_prompt("orchestrator", given)
        assert isinstance(made, GetPromptResult)
        assert made.messages[0].content.type == "text"
        assert made.messages[0].content.text == "dry False all Fix the bell shop feature \n"
        with pytest.raises(MCPError, match=r"^The prompt orchestrator needs 'tone'\.$"):
            await client.get_prompt("orchestrator", {"request": "Fix the bell"})
        assert files(folder) == before
        ref = PromptReference(type="ref/prompt", name="orchestrator")
        done = await client.complete(ref, {"name": "tone", "value": "d"})
        assert done.completion.values == ["dry"]


@pytest.mark.asyncio
async def test_the_prompts_of_a_session(folder: Path) -> None:
    async with connected_today(folder) as client:
        planned = await data(client, "plan", request="Fix the bell")
        answer = planning_answer(planned["id"][:8], analysis="# Analyse\n\nLook at [THE MODULE].\n")
        await data(client, "answer", text=answer)
        before = files(folder)
        made = await client.get_prompt("analysis")
        # the newest session's, by the template of its own type
        assert made.description == "Made by builtin:bugfix/analysis. Open places: THE MODULE."
        assert made.messages[0].content.type == "text"
        assert "Look at [THE MODULE]." in made.messages[0].content.text
        made = await client.get_prompt("analysis-docs", {"session": planned["id"][:8]})
        assert made.description == "Made by builtin:docs/analysis. Open places: THE MODULE."
        assert files(folder) == before
        ref = ResourceTemplateReference(type="ref/resource", uri="orch://session/{id}/{phase}/prompt")
        found = await client.complete(ref, {"name": "id", "value": planned["id"][:3]})
        assert found.completion.values == [planned["id"]]
        found = await client.complete(ref, {"name": "phase", "value": "a"})
        assert found.completion.values == ["analysis"]
