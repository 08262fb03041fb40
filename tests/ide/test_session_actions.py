"""What the light bulb offers in a session."""

from orch.ide.results import Action
from orch.ide.session_actions import session_actions
from orch.ide.session_view import SessionView
from orch.syntax.toml_tree import parse_toml
from orch.text.span import Span, apply_edits
from support.annotations import parse_fixture
from support.session_checks import Neighbours, findings_of, head

URI = "file:///shop/s.orch"
ANSWER = """\
# Phase two

```markdown
  Build it in two steps.

    - first
```

# ANALYSIS TEMPLATE

Read src/auth.py.

# EXECUTION NOTES

Complexity: low
"""


def actions(source: str, client: frozenset[str] = frozenset(), around: Neighbours | None = None) -> list[Action]:
    fixture = parse_fixture(source)
    at = Span(fixture.offset, fixture.offset)
    findings = [found for found in findings_of(fixture.text, around) if found.span.contains(at.start)]
    return session_actions(SessionView(fixture.text, None), URI, at, findings, client, lambda: "new-id-0001")


def after(source: str, title: str) -> str:
    fixture = parse_fixture(source)
    found = [action for action in actions(source) if action.title == title]
    assert len(found) == 1, [action.title for action in actions(source)]
    text = apply_edits(fixture.text, found[0].edits)
    assert parse_toml(text).valid
    return text


def with_answer(answer: str) -> str:
    return head() + f"[planning]\nresponse = '''\n{answer}'''\n"


def test_a_block_becomes_the_missing_part() -> None:
    source = with_answer(ANSWER.replace("Build it in", "Build$0 it in"))
    text = after(source, "Use this block as the implementation template")
    assert parse_toml(text).data["implementation"]["body"] == "Build it in two steps.\n\n  - first"


def test_a_block_of_one_line_is_written_as_a_long_text() -> None:
    answer = (
        ANSWER.replace("Build it in", "Build$0 it in").replace("\n\n    - first", "").replace("\n\n  - first", "")
    )
    text = after(with_answer(answer), "Use this block as the implementation template")
    assert "body = '''\nBuild it in two steps." in text


def test_from_the_finding_every_block_is_offered_by_name() -> None:
    titles = [action.title for action in actions(with_answer(ANSWER.replace("# Phase", "# Ph$0ase")))]
    assert titles == [
        'Use "Phase two" as the implementation template',
        "Copy a follow-up for the missing part (implementation template)",
    ]


def test_elsewhere_there_is_nothing_to_offer() -> None:
    assert actions(head().replace("Login", "Lo$0gin") + with_answer(ANSWER).removeprefix(head())) == []


def test_the_follow_up() -> None:
    source = with_answer(ANSWER.replace("# Phase", "# Ph$0ase"))
    ours = next(action for action in actions(source, frozenset(["orch.copyText"])) if action.command)
    assert ours.command is not None
    assert ours.command.name == "orch.copyText"
    assert "<implementation_template>" in ours.command.arguments["text"]
    plain = next(action for action in actions(source) if action.command)
    assert plain.command is not None
    assert plain.command.name == "orch.session.followUp"
    assert plain.command.arguments == {"session": URI, "part": "implementation"}


def test_a_pasted_text_is_mended() -> None:
    source = head() + "[planning]\nresponse = Here$0 is the plan:\n- one\n\n[notes]\ncomplexity = 'low'\n"
    text = after(source, "Make the pasted text a valid string")
    assert parse_toml(text).data["planning"]["response"] == "Here is the plan:\n- one\n\n"


def test_a_place_is_kept_as_it_is_written() -> None:
    source = head() + "[analysis]\nbody = 'Look at [MODULE$0 NAME]'\n"
    text = after(source, "Keep [MODULE NAME] as written")
    assert parse_toml(text).data["analysis"]["values"] == {"MODULE NAME": "[MODULE NAME]"}
    fill = next(action for action in actions(source) if action.command)
    assert fill.command is not None
    assert fill.command.arguments == {"session": URI, "phase": "analysis"}


def test_ids() -> None:
    source = head().replace("1b7a9e21", "1b7a$09e21")
    around = Neighbours(ids=("1b7a9e21-ceea-467f-a8d2-6f0c8f14e45f",))
    found = actions(source, around=around)
    assert [action.title for action in found] == ["Give this session a new id"]
    assert found[0].edits[0].text == '"new-id-0001"'
    missing = head().replace('id = "1b7a9e21-ceea-467f-a8d2-6f0c8f14e45f"\n', "").replace("schema", "sch$0ema")
    assert parse_toml(after(missing, "Give this session an id")).data["id"] == "new-id-0001"


def test_a_broken_file_is_offered_no_steps() -> None:
    source = with_answer(ANSWER.replace("Build it in", "Build$0 it in")) + "broken = \n"
    assert actions(source) == []


def test_values_are_asked_for_the_phase_that_wants_them() -> None:
    text = head() + '[analysis]\nbody = "Look at [THE FILE]."\n'
    findings = findings_of(text)
    assert [found.rule for found in findings] == ["unfilled-placeholder"]
    offered = session_actions(
        SessionView(text, None), URI, Span(0, len(text)), findings, frozenset(), lambda: "new-id-0001"
    )
    fill = next(action for action in offered if action.title == "Fill in the values")
    assert fill.command is not None
    assert fill.command.arguments == {"session": URI, "phase": "analysis"}
