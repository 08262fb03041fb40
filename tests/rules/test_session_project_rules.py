"""unknown-template, duplicate-id, missing-file and overlapping-session."""

from support.session_checks import Neighbours, check, head

SHARED = Neighbours(ids=("1b7a9e21-ceea-467f-a8d2-6f0c8f14e45f",))


def test_templates() -> None:
    check(
        head("analysis")
        + """\
[planning]
template = "builtin:orchestrator@1-5d41402a"
[analysis]
body = "b"
template = "project:gone@2-5d41402a"
            ^^^^^^^^^^^^^^^^^^^^^^^ warning[unknown-template] There is no template
"""
    )


def test_the_same_id_twice() -> None:
    id_line = 'id = "1b7a9e21-ceea-467f-a8d2-6f0c8f14e45f"\n'
    mark = "      " + "^" * 36 + " error[duplicate-id] other.orch\n"
    found = check(head("abandoned").replace(id_line, id_line + mark), SHARED)
    assert [entry.path.name for entry in found[0].related if entry.path] == ["other.orch"]


def test_key_files_once() -> None:
    check(
        head()
        + """\
[notes]
key_files = ["src/auth.py", "src/gone.py", "src/lost.py", "src/shared.py"]
^^^^^^^^^ hint[missing-file] Of 4 key files 2 are not there: src/gone.py, src/lost.py.
^^^^^^^^^ hint[overlapping-session] "Another" (src/shared.py)
""",
        Neighbours(ids=()),
    )
    check(head() + 'notes.key_files = ["gone.py"]\n^^^^^^^^^^^^^^^ hint[missing-file] `gone.py` is not there.\n')


def test_without_a_project_nothing_is_known() -> None:
    check(head() + 'notes.key_files = ["gone.py"]\nplanning.template = "gone"\n', None)
