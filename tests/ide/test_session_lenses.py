"""The lenses of a session: those that can be taken now, and no others."""

import pytest

from orch.ide.results import Lens
from orch.ide.session_lenses import MOST, session_lenses
from orch.ide.session_view import SessionView
from support.session_checks import head

URI = "file:///shop/.orch/sessions/login.orch"
CLIENT = frozenset(
    ["orch.copyPrompt", "orch.pasteAnswer", "orch.fill", "orch.plan", "orch.complete", "orch.copyText", "orch.next"]
)
HISTORY = "[[history]]\nat = 2026-11-21T02:10:00Z\nstep = '{step}'\n"
PLANNED = "[planning]\nprompt = 'Plan it'\n"
ANSWER = (
    "## ANALYSIS TEMPLATE\n\nRead src/auth.py.\n\n## IMPLEMENTATION TEMPLATE\n\nBuild it.\n\n"
    "## EXECUTION NOTES\n\nComplexity: low\n"
)


def lenses(text: str, client: frozenset[str] = frozenset(), runner: str | None = None) -> list[Lens]:
    found = session_lenses(SessionView(text, None), URI, client, runner)
    for lens in found:
        assert lens.span.end <= len(text)
        if lens.command.name != "orch.copyText":
            assert lens.command.arguments["session"] == URI
    return found


def shown(text: str, client: frozenset[str] = frozenset()) -> list[str]:
    """Each lens as `line title: command {arguments}`."""
    rows = []
    for lens in lenses(text, client):
        line = text.count("\n", 0, lens.span.start) + 1
        more = {key: value for key, value in lens.command.arguments.items() if key not in ("session", "text")}
        rows.append(f"{line} {lens.command.title}: {lens.command.name}" + (f" {more}" if more else ""))
    return rows


def runs(text: str) -> list[tuple[str, object]]:
    """The lenses that run a model: the title and the runner."""
    return [
        (lens.command.title, lens.command.arguments["runner"])
        for lens in lenses(text, CLIENT, "claude")
        if lens.command.name == "orch.session.run"
    ]


def test_a_prompt_that_waits_can_be_run() -> None:
    text = head() + PLANNED
    assert runs(text) == [("Run with claude", "claude")]
    titles = [lens.command.title for lens in lenses(text, CLIENT, "claude")]
    assert titles[1:] == ["Copy prompt", "Run with claude", "Paste answer"]


def test_where_no_runner_is_set_up_a_program_that_is_there_is_offered() -> None:
    view = SessionView(head() + PLANNED, None)

    def offered(client: frozenset[str], runner: str | None = None) -> list[dict[str, object]]:
        found = session_lenses(view, URI, client, runner, None, "claude")
        return [dict(lens.command.arguments) for lens in found if lens.command.name == "orch.runner.add"]

    assert offered(CLIENT) == [{"name": "claude"}]
    assert offered(frozenset()) == [{"name": "claude"}]
    assert offered(CLIENT, "llm") == []
    # its list shows what was found
    assert offered(CLIENT | {"orch.run"}) == []


def test_an_ended_session_tells_what_its_runs_took() -> None:
    runs = "[[executions]]\nstep = 'plan'\nrunner = 'a'\nstatus = 'ok'\nseconds = 40\ninput_tokens = 5100\n" * 2
    text = head(status="completed") + "[outcome]\nresult = 'success'\n" + runs
    assert shown(text)[0].startswith("1 Completed: success - 2 runs, 80 s, 10.2k tokens in: ")


def test_a_prompt_that_does_not_wait_or_has_open_places_is_not_run() -> None:
    analysis = "[analysis]\nbody = 'Look at [DATABASE URL]'\nprompt = 'Look at [DATABASE URL]'\n"
    assert runs(head(status="analysis") + analysis) == []
    filled = analysis.replace("[DATABASE URL]", "src")
    assert runs(head(status="analysis") + filled) == [("Run with claude", "claude")]
    assert runs(head(status="analysis") + filled + "result = 'Cookies'\n") == []
    assert runs(head(status="completed") + PLANNED) == []


def test_an_empty_file_asks_for_the_request() -> None:
    assert shown("") == ["1 Draft - next: write what you want: orch.session.edit {'key': 'request.text'}"]


def test_a_draft_is_planned_as_it_stands() -> None:
    assert shown("feature_type = 'docs'\n[request]\ntext = 'Explain it'\n") == ["1 Plan: orch.session.plan"]
    assert shown("[request]\ntext = '  '\n") == shown("")


def test_planning_waits_for_the_answer() -> None:
    text = head() + PLANNED
    assert shown(text) == [
        "1 Planning - next: paste the answer: orch.session.edit {'key': 'planning.response'}",
        "7 Select prompt: orch.session.edit {'key': 'planning.prompt'}",
        "7 Paste answer: orch.session.edit {'key': 'planning.response'}",
    ]
    assert shown(text, CLIENT) == [
        "1 Planning - next: paste the answer: orch.pasteAnswer",
        "7 Copy prompt: orch.copyPrompt {'phase': 'planning'}",
        "7 Paste answer: orch.pasteAnswer",
    ]


def test_an_answer_that_was_pasted_into_the_file_is_processed() -> None:
    text = head() + f"[planning]\nresponse = '''\n{ANSWER}'''\nprompt = 'p'\n"
    found = shown(text, CLIENT)
    assert found[0] == "1 Planning - next: process the answer: orch.session.process"
    assert "7 Process answer: orch.session.process" in found


def test_an_answer_that_lacks_a_part_has_a_follow_up() -> None:
    half = ANSWER.partition("## IMPLEMENTATION")[0]
    text = head() + f"[planning]\nresponse = '''\n{half}'''\n[analysis]\nbody = 'Read src/auth.py.'\n"
    text += HISTORY.format(step="process")
    assert shown(text) == [
        "1 Planning - next: ask for the IMPLEMENTATION TEMPLATE: orch.session.followUp",
        "7 Copy follow-up: orch.session.followUp",
        "14 Start analysis: orch.session.analyze",
    ]
    copying = [lens for lens in lenses(text, CLIENT) if lens.command.name == "orch.copyText"]
    assert len(copying) == 2
    assert "<implementation_template>" in copying[0].command.arguments["text"]


def test_a_body_is_filled_and_started() -> None:
    text = head() + "[planning]\nresponse = 'a'\n[analysis]\nbody = '[MODULE NAME] of [MODULE NAME], [X Y]'\n"
    text += "[implementation]\nbody = 'Do [THAT THING]'\n" + HISTORY.format(step="process")
    assert shown(text, CLIENT) == [
        "1 Planning - next: start the analysis: orch.session.analyze",
        "9 Fill 2 values: orch.fill {'phase': 'analysis'}",
        "9 Start analysis: orch.session.analyze",
    ]
    assert "9 Fill 2 values: orch.session.fill {'phase': 'analysis'}" in shown(text)


def test_analysis() -> None:
    text = head("analysis") + "[analysis]\nbody = 'Look at [IT HERE]'\nprompt = 'p'\n[implementation]\nbody = 'b'\n"
    assert shown(text, CLIENT) == [
        "1 Analysis - next: paste the analysis: orch.pasteAnswer",
        "7 Fill 1 value: orch.fill {'phase': 'analysis'}",
        "8 Copy prompt: orch.copyPrompt {'phase': 'analysis'}",
        "8 Paste answer: orch.pasteAnswer",
    ]
    done = text.replace("prompt = 'p'", "prompt = 'p'\nresult = 'found'")
    assert shown(done, CLIENT)[0] == "1 Analysis - next: start the implementation: orch.session.implement"
    assert "11 Start implementation: orch.session.implement" in shown(done, CLIENT)


def test_values_given_by_hand_are_put_into_the_prompt() -> None:
    text = head("analysis") + "[analysis]\nbody = 'Look at [IT HERE]'\nprompt = 'Look at [IT HERE]'\n"
    assert not any("Fill in the values" in row for row in shown(text))
    text += "values = { 'IT HERE' = 'auth' }\n"
    assert "8 Fill in the values: orch.session.fill {'phase': 'analysis', 'values': {}}" in shown(text)
    for value in ("[IT HERE]", "auth, see [IT HERE]"):
        filled = text.replace("'auth'", f"'{value}'").replace(
            "prompt = 'Look at [IT HERE]'", f"prompt = 'Look at {value}'"
        )
        assert not any("Fill in the values" in row for row in shown(filled))


def test_implementation() -> None:
    text = head("implementation") + "[implementation]\nbody = 'b'\nprompt = 'p'\n"
    assert shown(text, CLIENT) == [
        "1 Implementation - next: paste what was built: orch.pasteAnswer",
        "8 Copy prompt: orch.copyPrompt {'phase': 'implementation'}",
        "8 Paste summary: orch.pasteAnswer",
    ]
    text += "result = 'built'\n"
    assert shown(text, CLIENT) == [
        "1 Implementation - next: say how it went: orch.complete",
        "8 Copy prompt: orch.copyPrompt {'phase': 'implementation'}",
        "9 Worked: orch.session.complete {'outcome': 'success'}",
        "9 Partly: orch.session.complete {'outcome': 'partial'}",
        "9 Did not work: orch.session.complete {'outcome': 'failure'}",
    ]


def test_an_ended_session() -> None:
    text = head("completed") + PLANNED
    assert shown(text)[:4] == [
        "1 Completed - next: say how it went: orch.session.show",
        "1 Worked: orch.session.complete {'outcome': 'success'}",
        "1 Partly: orch.session.complete {'outcome': 'partial'}",
        "1 Did not work: orch.session.complete {'outcome': 'failure'}",
    ]
    assert shown(text + "[outcome]\nresult = 'partial'\n")[0] == "1 Completed: partial: orch.session.show"
    assert shown(head("abandoned"))[0] == "1 Abandoned: orch.session.show"


def test_a_broken_file_keeps_what_is_certain_and_writes_nothing() -> None:
    text = head() + PLANNED + "response = not a text\n"
    assert shown(text, CLIENT) == [
        "1 Planning - next: mend an error in this file: orch.session.edit",
        "7 Copy prompt: orch.copyPrompt {'phase': 'planning'}",
    ]


def test_a_file_of_a_newer_orch() -> None:
    assert shown("schema = 9\nstatus = 'planning'\n", CLIENT) == [
        "1 Planning - written by a newer Orch: read only: orch.session.show"
    ]


@pytest.mark.parametrize("status", ["planning", "analysis", "implementation", "completed", "abandoned", "odd"])
def test_at_most_three_above_a_part(status: str) -> None:
    whole = "prompt = 'p [A B]'\nresponse = 'r'\nresult = 'r'\nbody = 'b [A B]'\nvalues = { 'A B' = 'c' }\n"
    text = head(status) + "".join(f"[{phase}]\n{whole}" for phase in ("planning", "analysis", "implementation"))
    starts = [lens.span.start for lens in lenses(text, CLIENT) if lens.span.start]
    assert all(starts.count(start) <= MOST for start in starts)


def test_a_status_that_there_is_not_is_to_be_mended() -> None:
    mend = "orch.session.edit {'key': 'status'}"
    assert shown(head("plannig")) == [f"1 Plannig - next: mend the status: {mend}"]
    assert shown(head("")) == [f"1 No status - next: mend the status: {mend}"]
