"""What completion offers in a session."""

from orch.ide.results import Completion
from orch.ide.session_completion import Names, session_completion
from orch.ide.session_view import SessionView
from orch.text.span import apply_edits
from support.annotations import parse_fixture
from support.session_checks import head

NAMES = Names(
    templates=lambda: [
        ("project:orchestrator", "orchestrator.md.j2"),
        ("builtin:analysis", ""),
    ],
    feature_types=lambda: [("feature", ""), ("spike", "Finding out.")],
)


def complete(source: str) -> dict[str, Completion]:
    fixture = parse_fixture(source)
    found = session_completion(SessionView(fixture.text, None), fixture.offset, NAMES)
    for entry in found:
        assert entry.edit.span.start <= fixture.offset <= entry.edit.span.end
    return {entry.label: entry for entry in found}


def after(source: str, label: str) -> str:
    fixture = parse_fixture(source)
    return apply_edits(fixture.text, [complete(source)[label].edit])


def test_an_empty_file_completes_to_a_draft() -> None:
    found = complete("$0")
    assert min(found.values(), key=lambda entry: entry.sort).label == "draft"
    text = found["draft"].edit.text
    assert text.startswith('feature_type = "${1|feature,bugfix,')
    assert "[request]\ntext = '''\n$0\n'''" in text
    assert found["draft"].snippet


def test_a_draft_is_offered_to_an_empty_file_only() -> None:
    assert "draft" in complete("\n$0\n")
    assert "draft" not in complete("title = 'x'\n$0")


def test_keys_of_the_table_that_are_not_there_yet() -> None:
    found = complete("[notes]\ncomplexity = 'low'\n$0\n[analysis]\n")
    assert [label for label in found if not label.startswith("[")] == ["time_estimate", "key_files", "text"]
    assert found["text"].edit.text == "text = '''\n$0\n'''"
    assert found["key_files"].edit.text == 'key_files = ["$1"]'
    assert "[planning]" in found
    assert "[analysis]" not in found
    assert "[[history]]" in found
    assert "EXECUTION NOTES" in found["text"].documentation or "notes" in found["text"].documentation


def test_a_key_that_is_being_typed() -> None:
    assert after("[outcome]\nra$0\n", "rating") == "[outcome]\nrating = $1\n"
    assert after("[outcome]\nra$0t = 3\n", "rating") == "[outcome]\nrating = 3\n"
    assert after("  sta$0\n", "status").startswith('  status = "${1|planning,analysis,')


def test_keys_of_an_element_of_a_list() -> None:
    found = complete("[[notes.risks]]\nrisk = 'a'\n[[notes.risks]]\n$0\n")
    assert {"risk", "mitigation"} <= set(found)


def test_tables() -> None:
    assert after("title = 'x'\n[pl$0\n", "[planning]") == "title = 'x'\n[planning]\n"
    assert after("[$0]\n", "[planning.values]") == "[planning.values]\n"
    assert after("[[his$0]]", "[[history]]") == "[[history]]"
    assert "[notes]" not in complete("[notes]\n[$0]\n")


def test_values_to_choose_from() -> None:
    found = complete("status = $0\n")
    assert list(found) == ["planning", "analysis", "implementation", "completed", "abandoned"]
    assert found["abandoned"].documentation
    assert after('status = "pl$0"\n', "planning") == 'status = "planning"\n'
    assert after("status = 'pl$0anning' # now\n", "analysis") == 'status = "analysis" # now\n'
    assert after("status =$0\n", "planning") == 'status ="planning"\n'
    assert after("outcome.result = $0\n", "success") == 'outcome.result = "success"\n'


def test_names_of_the_project() -> None:
    assert list(complete('feature_type = "$0"\n')) == ["feature", "spike"]
    assert complete('feature_type = "$0"\n')["spike"].documentation == "Finding out."
    assert list(complete("[planning]\ntemplate = $0\n")) == ["project:orchestrator", "builtin:analysis"]


def test_placeholders_without_a_value() -> None:
    source = head() + "[analysis]\nbody = 'Look at [MODULE NAME] and [OTHER THING]'\n"
    source += "[analysis.values]\n'OTHER THING' = 'x'\n$0\n"
    found = complete(source)
    assert found["MODULE NAME"].edit.text == '"MODULE NAME" = "$1"'
    assert "OTHER THING" not in found


def test_nothing_inside_a_text_or_a_comment() -> None:
    assert complete("[request]\ntext = '''\nstat$0\n'''\n") == {}
    assert complete("# stat$0\n") == {}
    assert complete("title = 'stat$0'\n") == {}
    assert complete("whatever = $0\n") == {}


def test_a_broken_file_still_completes() -> None:
    assert "planning" in complete("title = broken\nstatus = $0\n")
    assert "rating" in complete("title = broken\n[outcome]\n$0\n")
