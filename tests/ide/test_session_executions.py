"""The record of a run, as an editor knows it: every key is fine, told of, offered and checked."""

import tomllib

import pytest

from orch.ide.session_completion import Names, session_completion
from orch.ide.session_hover import session_hover
from orch.ide.session_view import SessionView
from orch.model.session import Execution, session_from_data
from orch.syntax.toml_edit import new_toml
from support.annotations import parse_fixture
from support.session_checks import findings_of, head

RECORD = """\
[[executions]]
step = "plan"
runner = "local"
model = "owl-1"
started = 2026-11-21T02:10:30Z
seconds = 41.2
status = "ok"
prompt_chars = 4597
answer_chars = 6012
input_tokens = 1203
output_tokens = 1544
"""
SIZES = ("prompt_chars", "answer_chars", "input_tokens", "output_tokens")


def test_a_whole_record_is_fine_and_comes_back() -> None:
    assert findings_of(head() + RECORD) == findings_of(head())
    data = tomllib.loads(RECORD)
    (run,) = session_from_data(data).executions
    assert run == Execution("plan", "local", "ok", "owl-1", run.started, 41.2, 4597, 6012, 1203, 1544)
    assert new_toml(data) == RECORD


@pytest.mark.parametrize("key", SIZES)
def test_a_size_is_told_of_offered_and_checked(key: str) -> None:
    fixture = parse_fixture(head() + RECORD.replace(f"{key} = ", f"{key[:4]}$0{key[4:]} = "))
    view = SessionView(fixture.text, None)
    told = session_hover(view, fixture.offset)
    assert told is not None
    assert told.markdown.startswith(f"**executions.{key}** ")
    without = "".join(line for line in RECORD.splitlines(keepends=True) if not line.startswith(key))
    fixture = parse_fixture(head() + without + "$0\n")
    names = Names(templates=list, feature_types=list)
    offered = session_completion(SessionView(fixture.text, None), fixture.offset, names)
    assert [entry.label for entry in offered if entry.label in SIZES] == [key]
    wrong = next(line for line in RECORD.splitlines() if line.startswith(key))
    rules = [finding.rule for finding in findings_of(head() + RECORD.replace(wrong, f"{key} = 'many'"))]
    assert "wrong-type" in rules
