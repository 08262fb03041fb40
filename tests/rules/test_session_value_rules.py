"""wrong-type and invalid-value."""

import pytest

from support.session_checks import check, findings_of, head, mended


@pytest.mark.parametrize(
    ("line", "title", "fixed"),
    [
        ('outcome.rating = "4"', "Change to `4`", "outcome.rating = 4"),
        ("notes.complexity = 3", 'Change to `"3"`', 'notes.complexity = "3"'),
        ("notes.time_estimate = 2026-11-21", 'Change to `"2026-11-21"`', 'notes.time_estimate = "2026-11-21"'),
        ('notes.key_files = "a.py"', 'Change to `["a.py"]`', 'notes.key_files = ["a.py"]'),
        ('created = "2026-11-21T02:10:00Z"', "Change to `2026-11-21T02:10:00Z`", "created = 2026-11-21T02:10:00Z"),
        ("notes.key_files = ['src/auth.py', 3]", 'Change to `"3"`', "notes.key_files = ['src/auth.py', \"3\"]"),
    ],
)
def test_a_value_is_mended_where_it_is_certain(line: str, title: str, fixed: str) -> None:
    assert mended(head() + line + "\n", title) == head() + fixed + "\n"


@pytest.mark.parametrize(
    "line",
    [
        "created = 2026-11-21",
        'outcome.rating = "good"',
        "notes = 3",
        "history = 3",
        "analysis.values.X = ['a']",
        "request = []",
        'created = "2026-13-41T02:10:00Z"',
        "planning.template.name = 'x'",
    ],
)
def test_and_only_there(line: str) -> None:
    found = [finding for finding in findings_of(head() + line + "\n") if finding.rule == "wrong-type"]
    assert len(found) == 1, findings_of(head() + line + "\n")
    assert found[0].fixes == ()


def test_headers() -> None:
    source = (
        head()
        + """\
[history]
^^^^^^^^^ error[wrong-type] `history` is a list of tables
at = 2026-11-21T02:10:00Z
step = "plan"
[[outcome]]
^^^^^^^^^^^ error[wrong-type] `outcome` is one table
result = "success"
"""
    )
    check(source)
    assert "\n[[history]]\n" in mended(source, "Change to `[[history]]`")
    assert "\n[outcome]\n" in mended(source, "Change to `[outcome]`")


def test_every_style_of_tables_is_fine() -> None:
    check(
        head()
        + """\
notes = { complexity = "low", risks = [{ risk = "r" }], key_files = ["src/auth.py"] }
history = [{ at = 2026-11-21T02:10:00Z, step = "plan" }]
analysis.values = { X = 3, Y = true, Z = 1.5 }
analysis.body = "b"
executions = []
"""
    )


def test_words_to_choose_from() -> None:
    source = (
        head()
        + """\
[notes]
complexity = "meduim"
             ^^^^^^^^ warning[invalid-value] did you mean 'medium'?
[outcome]
result = "meh"
         ^^^^^ warning[invalid-value] one of success, partial, failure
rating = 6
         ^ warning[invalid-value] from 1
"""
    )
    check(source)
    assert '\ncomplexity = "medium"\n' in mended(source, "Change to `medium`")


def test_a_wrong_status_stops_the_work() -> None:
    check(
        head("plannign").replace(
            '"plannign"\n', "\"plannign\"\n         ^^^^^^^^^^ error[invalid-value] 'planning'\n"
        )
    )


def test_a_newer_schema_is_read_only_and_nothing_else_is_said() -> None:
    check('schema = 2\n         ^ error[invalid-value] A newer Orch\nstatus = "dreaming"\nwhatever = 3\n')


def test_a_schema_of_none() -> None:
    assert mended(head().replace("schema = 1", "schema = 0"), "Change to `1`") == head()


def test_a_short_id() -> None:
    rest = head().partition("title")[2]
    check(f'schema = 1\nid = "abc"\n     ^^^^^ error[invalid-value] at least eight\ntitle{rest}')
