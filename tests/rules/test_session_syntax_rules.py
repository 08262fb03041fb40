"""toml-syntax and merge-conflict."""

from support.session_checks import check, findings_of, head, mended

CONFLICT = '<<<<<<< HEAD\ntitle = "A"\n=======\ntitle = "B"\n>>>>>>> other\n'


def test_a_broken_line_costs_nothing_but_itself() -> None:
    check(
        head()
        + """\
[notes]
complexity = medium
             ^^^^^^ error[toml-syntax]
time_estimate = 3
                ^ error[wrong-type] `time_estimate` is text, not a whole number
"""
    )


def test_a_key_that_is_there_twice_tells_of_the_first() -> None:
    found = check('title = "A"\ntitle = "B"\n^^^^^ error[toml-syntax]\n')
    assert [entry.message for entry in found[0].related] == ["It stands here already."]


def test_an_empty_file_and_a_draft_are_fine() -> None:
    check("")
    check("# what I want\n")
    check('feature_type = "bugfix"\n[request]\ntext = "Mend the login"\n')


def test_markers_of_a_merge() -> None:
    check(
        """\
schema = 1
<<<<<<< HEAD
^^^^^^^^^^^^ error[merge-conflict]
title = "A"
=======
^^^^^^^ error[merge-conflict]
title = "B"
>>>>>>> other
^^^^^^^^^^^^^ error[merge-conflict]
"""
    )


def test_a_conflict_is_mended_by_choosing() -> None:
    assert mended(CONFLICT, "Keep the first version") == 'title = "A"\n'
    assert mended(CONFLICT, "Keep the second version") == 'title = "B"\n'


def test_a_conflict_with_the_common_ancestor() -> None:
    text = '<<<<<<< HEAD\ntitle = "A"\n||||||| base\ntitle = "O"\n=======\ntitle = "B"\n>>>>>>> other\n'
    assert mended(text, "Keep the first version") == 'title = "A"\n'
    assert mended(text, "Keep the second version") == 'title = "B"\n'


def test_a_conflict_inside_a_text() -> None:
    text = head() + f"[planning]\nprompt = '''\nbefore\n{CONFLICT}after\n'''\n"
    found = findings_of(text)
    assert [finding.rule for finding in found] == ["merge-conflict"]
    assert found[0].span.slice(text) == "<<<<<<< HEAD"
    assert '\ntitle = "B"\nafter\n' in mended(text, "Keep the second version")


def test_a_conflict_in_a_code_block_may_be_an_example() -> None:
    check(head() + f"[planning]\nprompt = '''\n```diff\n{CONFLICT}```\n'''\n")


def test_markers_that_are_no_whole_conflict_in_a_text_are_text() -> None:
    check(head() + "[planning]\nprompt = '''\nTitle\n=======\n<<<<<<< look\n'''\n")


def test_an_ended_session_reports_only_what_breaks_the_file() -> None:
    check(
        """\
schema = 1
id = "1"
status = "abandoned"
tilte = 3
[notes]
complexity = medium
             ^^^^^^ error[toml-syntax]
key_files = ["nowhere.py"]
"""
    )
