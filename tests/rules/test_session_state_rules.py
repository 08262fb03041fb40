"""status-mismatch, unfilled-placeholder, missing-section and doubtful-section."""

from support.session_checks import check, findings_of, head, mended

WHOLE = """\
## ANALYSIS TEMPLATE

Read src/auth.py.

## IMPLEMENTATION TEMPLATE

Build it.

## EXECUTION NOTES

Complexity: low
"""


def test_a_status_without_what_it_needs() -> None:
    source = head("analysis").replace(
        'status = "analysis"\n',
        'status = "analysis"\n         ^^^^^^^^^^ warning[status-mismatch] `analysis.body`\n',
    )
    check(source)
    assert mended(source, "Set the status to planning") == head()
    text = head("implementation") + '[analysis]\nbody = "b"\n'
    assert mended(text, "Set the status to analysis") == head("analysis") + '[analysis]\nbody = "b"\n'


def test_a_status_with_what_it_needs() -> None:
    check(head("analysis") + '[analysis]\nbody = "b"\n')
    check(head("implementation") + '[implementation]\nprompt = "forced"\n')


def test_open_places_of_the_phase_at_hand() -> None:
    check(
        head()
        + """\
[analysis]
body = '''
Review [MODULE NAME] for [PROJECT NAME].
       ^^^^^^^^^^^^^ info[unfilled-placeholder] `MODULE NAME` has no value yet.
                         ^^^^^^^^^^^^^^ info[unfilled-placeholder]
Then {{ owner }} and [MODULE NAME].
     ^^^^^^^^^^^ info[unfilled-placeholder]
                     ^^^^^^^^^^^^^ info[unfilled-placeholder]
`[NOT ME]` is code.
'''
[implementation]
body = "Later: [NOT YET]"
"""
    )


def test_what_orch_knows_fills_itself() -> None:
    check(
        head("implementation").replace("request", 'project = "shop"\nrequest')
        + """\
[implementation]
body = "For [PROJECT NAME]: {{ request }}. [PASTE ANALYSIS RESULTS HERE]"
                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ info[unfilled-placeholder]
[analysis]
body = "[NO MORE]"
result = ""
"""
    )


def test_an_escape_before_a_place_does_not_shift_it() -> None:
    check(
        head()
        + '[analysis]\nbody = "Tab\\t, \\u00e9 and\\n[MODULE NAME]"\n'
        + "                           ^^^^^^^^^^^^^ info[unfilled-placeholder]\n"
    )


def test_an_empty_value_is_where_to_write() -> None:
    source = (
        head()
        + """\
[analysis]
body = "Review [MODULE NAME] and [MODULE NAME]."
[analysis.values]
"MODULE NAME" = ""
                ^^ info[unfilled-placeholder] write it between the quotes
"""
    )
    found = check(source)
    assert found[0].related[0].span.slice(source) == "[MODULE NAME]"
    kept = mended(source, "Keep [MODULE NAME] as written")
    assert kept.endswith('"MODULE NAME" = "[MODULE NAME]"\n')
    assert findings_of(kept) == []


def test_a_missing_part_is_told_in_the_answer() -> None:
    check(
        head()
        + """\
[planning]
response = '''

## ANALYSIS TEMPLATE
^^^^^^^^^^^^^^^^^^^^ error[missing-section] IMPLEMENTATION
^^^^^^^^^^^^^^^^^^^^ info[missing-section] NOTES

Read src/auth.py.
'''
"""
    )


def test_a_part_that_another_answer_brought_is_not_missing() -> None:
    check(
        head()
        + "[notes]\ntext = 'n'\n[planning]\nresponse = '''\n## ANALYSIS TEMPLATE\n\nRead src/auth.py.\n'''\n"
        + "[implementation]\nbody = 'from the first answer'\n"
    )


def test_parts_behind_the_session_do_not_matter() -> None:
    answer = "[planning]\nresponse = '''\nNothing of use.\n'''\n[implementation]\nbody = 'b'\nprompt = 'p'\n"
    check(head("implementation") + answer)


def test_a_whole_answer() -> None:
    check(head() + f"[planning]\nresponse = '''\n{WHOLE}'''\n")


def test_a_doubtful_part_until_somebody_settles_it() -> None:
    answer = WHOLE.partition("Build it.")[0] + "Build it in src/auth.py, then the\n"
    text = head() + f"notes.text = 'n'\n[planning]\nresponse = '''\n{answer}'''\n"
    found = findings_of(text)
    assert [finding.rule for finding in found] == ["doubtful-section"]
    assert found[0].span.slice(text) == "Build it in src/auth.py, then the"
    assert findings_of(text + "[implementation]\nbody = 'mine'\n") == []


def test_a_draft_has_no_slow_findings() -> None:
    check("[request]\ntext = 'Fill in [MODULE NAME]'\n")
