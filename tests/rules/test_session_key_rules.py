"""missing-key and unknown-key."""

from support.session_checks import check, head, mended


def test_what_every_session_has() -> None:
    found = check(
        """\
status = "planning"
^^^^^^^^^^^^^^^^^^^ warning[missing-key] no `schema`
^^^^^^^^^^^^^^^^^^^ error[missing-key] no `id`
^^^^^^^^^^^^^^^^^^^ warning[missing-key] no `title`
^^^^^^^^^^^^^^^^^^^ warning[missing-key] no `text`
"""
    )
    assert [fix.title for finding in found for fix in finding.fixes] == ["Add `schema = 1`"]


def test_the_status_is_added_behind_the_title() -> None:
    text = head().replace('status = "planning"\n', "") + '[analysis]\nprompt = "p"\nbody = "b"\n'
    assert 'title = "Login"\nstatus = "analysis"\n' in mended(text, 'Add `status = "analysis"`')
    assert mended(head().removeprefix("schema = 1\n"), "Add `schema = 1`") == head()


def test_elements_of_lists() -> None:
    check(
        head()
        + """\
[[notes.risks]]
^^^^^^^^^^^^^^^ warning[missing-key] [notes.risks] has no `risk`
mitigation = "Test it"
[[history]]
at = 2026-11-21T02:10:00Z
step = "plan"
[[history]]
^^^^^^^^^^^ warning[missing-key] no `step`
at = 2026-11-21T02:10:00Z
"""
    )


def test_nothing_is_missing_for_sure_in_a_broken_file() -> None:
    check('status = "planning"\nid = "abc\n     ^^^^ error[toml-syntax]\n')


def test_a_misspelt_key() -> None:
    source = head() + "[notes]\ncomplexty = 'low'\n^^^^^^^^^ warning[unknown-key] did you mean `complexity`?\n"
    check(source)
    assert "\ncomplexity = 'low'\n" in mended(source, "Change to `complexity`")


def test_no_fix_where_the_right_key_is_there_already() -> None:
    source = "[notes]\ncomplexity = 'low'\ncomplexty = 'low'\n^^^^^^^^^ warning[unknown-key]\n"
    assert [finding.fixes for finding in check(head() + source)] == [()]


def test_an_unknown_table_is_reported_once() -> None:
    check(
        head()
        + """\
[analisis]
 ^^^^^^^^ warning[unknown-key] did you mean `analysis`?
body = "b"
x.y = 3
[planning.valeus]
          ^^^^^^ warning[unknown-key] did you mean `values`?
a = "b"
[wholly.new]
 ^^^^^^ warning[unknown-key] it has schema,
"""
    )


def test_dotted_keys_and_inline_tables() -> None:
    check(
        head()
        + """\
planning.promt = "p"
         ^^^^^ warning[unknown-key] did you mean `prompt`?
outcome = { result = "success", reting = 3 }
                                ^^^^^^ warning[unknown-key] did you mean `rating`?
"""
    )


def test_free_tables() -> None:
    check(
        head()
        + """\
[analysis]
body = "b"
[analysis.values]
"ANY NAME" = "v"
[imported]
anything = 3
[imported.deep]
er = [1, { a = 2 }]
"""
    )


def test_a_comment_keeps_a_finding_quiet() -> None:
    check(head() + "colour = 3 # orch: ignore[unknown-key]\n")
    check(head() + "# orch: ignore[unknown-key]\ncolour = 3\n")
    check(head() + "# orch: ignore[wrong-type, unknown-key]\n# and this is why\ncolour = 3\n")
    check(head() + "[[history]] # orch: ignore[missing-key]\nat = 2026-11-21T02:10:00Z\n")
    check(head() + "# orch: ignore[missing-key]\n[[history]]\nat = 2026-11-21T02:10:00Z\n")


def test_a_comment_for_something_else_does_not() -> None:
    check(head() + "colour = 3 # orch: ignore[wrong-type]\n^^^^^^ warning[unknown-key]\n")
    check(head() + "# orch: ignore[unknown-key]\n\ncolour = 3\n^^^^^^ warning[unknown-key]\n")
    check(head() + "a = 1 # orch: ignore[unknown-key]\ncolour = 3\n^^^^^^ warning[unknown-key]\n")
    check(
        head()
        + "[planning]\nprompt = '''\n# orch: ignore[unknown-key]\n'''\ncolour = 3\n^^^^^^ warning[unknown-key]\n"
    )
