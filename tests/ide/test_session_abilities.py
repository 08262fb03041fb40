"""Hover, symbols, folding, tokens, links, definitions, references and highlights of a session."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orch.ide.results import Folding, Symbol
from orch.ide.session_fold import session_folding
from orch.ide.session_hover import session_hover
from orch.ide.session_places import session_definition, session_highlights, session_links, session_references
from orch.ide.session_symbols import session_symbols
from orch.ide.session_tokens import session_tokens
from orch.ide.session_view import SessionView
from orch.text.span import Span
from support.annotations import parse_fixture
from support.session_checks import head

ROOT = Path("/shop")
BODY = """\
[analysis]
template = "project:bugfix/analysis@3-5d41402a"
experiment = "tone"
arm = "b"
body = '''
Look at [MODULE NAME], then at [MODULE NAME] and [PROJECT NAME].
'''
[analysis.values]
"MODULE NAME" = "auth"
"""


@dataclass(frozen=True)
class Around:
    """Files that are there."""

    def template_file(self, reference: str) -> Path | None:
        return ROOT / ".orch/versions/t.toml" if reference.startswith("project:") else None

    def key_file(self, name: str) -> Path | None:
        return ROOT / name if name == "src/auth.py" else None

    def kept_file(self, digest: str) -> Path | None:
        return ROOT / f".orch/kept/{digest}.md"

    def mentions(self, text: str) -> Sequence[tuple[Path, Span]]:
        return [(ROOT / "other.orch", Span(3, 3 + len(text)))]


def hover(source: str) -> tuple[str, str] | None:
    """(the text that is told of, what is told)"""
    fixture = parse_fixture(source)
    found = session_hover(SessionView(fixture.text, None), fixture.offset)
    return (found.span.slice(fixture.text), found.markdown) if found else None


def view(source: str) -> tuple[SessionView, int]:
    fixture = parse_fixture(source)
    return SessionView(fixture.text, ROOT / "s.orch"), fixture.cursor[1] if fixture.cursor else 0


def test_a_key_tells_what_it_is_for() -> None:
    text, told = hover("sta$0tus = 'planning'\n") or ("", "")
    assert text == "status"
    assert told.startswith("**status** · text")
    assert "- `abandoned`: " in told


def test_a_value_tells_what_it_means() -> None:
    assert hover("status = 'plan$0ning'\n") == ("'planning'", (hover("status = 'plan$0ning'\n") or ("", ""))[1])
    assert "`planning`: " in (hover("status = 'plan$0ning'\n") or ("", ""))[1]
    assert "From 1 (poor)" in (hover("outcome.rating = 3$0\n") or ("", ""))[1]


def test_tables() -> None:
    run = "step = 'plan'\nrunner = 'a'\nstatus = 'ok'\nseconds = 40\noutput_tokens = 900\n"
    told = (hover(f"[[execu$0tions]]\n{run}[[executions]]\n{run}") or ("", ""))[1]
    assert told.endswith("This session: 2 runs, 80 s, 1.8k tokens out.")
    assert (hover("[no$0tes]\n") or ("", ""))[1].startswith("**[notes]**")
    assert (hover("[[notes.ri$0sks]]\n") or ("", ""))[1].startswith("**[[notes.risks]]**")
    assert (hover("no$0tes.complexity = 'low'\n") or ("", ""))[1].startswith("**[notes]**")
    assert (hover("notes.comp$0lexity = 'low'\n") or ("", ""))[1].startswith("**notes.complexity**")


def test_nothing_is_told_of_long_texts_and_of_the_unknown() -> None:
    assert hover("[request]\ntext = '''\nlong $0words\n'''\n") is None
    assert hover("what$0ever = 3\n") is None
    assert hover("# com$0ment\n") is None
    assert hover("$0") is None


def test_a_template_tells_its_layer_and_version_and_hides_the_arm() -> None:
    source = BODY.replace("project:bugfix", "project$0:bugfix")
    text, told = hover(head("analysis") + source) or ("", "")
    assert text == "project:bugfix/analysis@3-5d41402a"
    assert told.splitlines()[2:] == [
        "- name: `analysis`, for `bugfix`",
        "- layer: `project`",
        "- version: 3 (`5d41402a`)",
    ]
    ended = hover(head("completed") + source) or ("", "")
    assert ended[1].splitlines()[-1] == "- experiment: `tone`, arm `b`"


def test_a_placeholder_tells_its_value() -> None:
    source = head("analysis").replace("request", 'project = "shop"\nrequest') + BODY
    assert hover(source.replace("Look at [MODULE", "Look at [MOD$0ULE")) == (
        "[MODULE NAME]",
        "`MODULE NAME` is\n\n> auth",
    )
    assert hover(source.replace("[PROJECT", "[PRO$0JECT")) == (
        "[PROJECT NAME]",
        "`PROJECT NAME` is filled in by Orch:\n\n> shop",
    )
    bare = source.replace('"MODULE NAME" = "auth"\n', "")
    assert "no value yet" in (hover(bare.replace("Look at [MODULE", "Look at [MOD$0ULE")) or ("", ""))[1]


def test_kept_texts_and_key_files() -> None:
    kept = "[[history]]\nstep = 'process'\nkept = ['planning.response:9c11$085a5']\n"
    assert ".orch/kept/9c1185a5.md" in (hover(kept) or ("", ""))[1]
    assert "src/auth.py" in (hover("notes.key_files = ['src/$0auth.py']\n") or ("", ""))[1]


def outline(symbols: Sequence[Symbol], depth: int = 0) -> list[str]:
    rows = []
    for symbol in symbols:
        rows.append("  " * depth + f"{symbol.name} ({symbol.kind}) {symbol.detail}".rstrip())
        rows += outline(symbol.children, depth + 1)
    return rows


def test_the_outline() -> None:
    session, _ = view(head() + BODY + "[[history]]\nat = 2026-11-21T02:10:00Z\nstep = 'plan'\n")
    assert outline(session_symbols(session)) == [
        "schema (number) 1",
        "id (string) 1b7a9e21-ceea-467f-a8d2-6f0c8f14e45f",
        "title (string) Login",
        "status (enum_member) planning",
        "request.text (string) Add a login",
        "analysis (object) project:bugfix/analysis@3-5d41402a",
        "  template (string) project:bugfix/analysis@3-5d41402a",
        "  experiment (string) tone",
        "  arm (string) b",
        "  body (string) 2 lines",
        "analysis.values (object)",
        '  "MODULE NAME" (string) auth',
        "history 1 (object) plan",
        "  at (event) 2026-11-21T02:10:00Z",
        "  step (string) plan",
    ]


def test_every_symbol_holds_its_name_and_its_children() -> None:
    def look(symbols: Sequence[Symbol]) -> None:
        for symbol in symbols:
            assert symbol.span.start <= symbol.selection.start <= symbol.selection.end <= symbol.span.end
            assert all(
                symbol.span.start <= child.span.start <= child.span.end <= symbol.span.end
                for child in symbol.children
            )
            look(symbol.children)

    look(session_symbols(view(head() + BODY)[0]))
    look(session_symbols(view("[a\nb = \n[[c]]\nd = [1,\n2]\n[]\n")[0]))


def folded(text: str) -> list[tuple[str, str, str]]:
    def lines(folding: Folding) -> str:
        start = text.count("\n", 0, folding.span.start) + 1
        return f"{start}-{text.count(chr(10), 0, folding.span.end) + 1}"

    return [
        (lines(folding), folding.kind, folding.collapsed) for folding in session_folding(SessionView(text, None))
    ]


def test_folding() -> None:
    long = "".join(f"line {number}\n" for number in range(9))
    text = f"[request]\ntext = '''\n# Title\n{long}'''\n\n"
    text += "[notes]\nkey_files = [\n  'a',\n]\n\n# about history\n[[history]]\n"
    assert folded(text) == [
        ("1-13", "region", ""),
        ("15-18", "region", ""),
        ("2-13", "imports", "# Title (11 lines)"),
        ("16-18", "region", ""),
    ]


def test_tokens() -> None:
    text = head("analysis") + BODY
    session, _ = view(text)
    found = {(token.span.slice(text), token.kind, token.modifiers) for token in session_tokens(session)}
    assert ("analysis", "namespace", ()) in found
    assert ("values", "namespace", ()) in found
    assert ("status", "property", ()) in found
    assert ("analysis", "enumMember", ()) in found
    assert ("project:bugfix/analysis@3-5d41402a", "type", ()) in found
    assert ('"MODULE NAME"', "variable", ()) in found
    assert ("[MODULE NAME]", "parameter", ("readonly",)) in found
    assert ("[PROJECT NAME]", "parameter", ()) in found


def test_links_lead_to_files_that_are_there() -> None:
    text = (
        BODY
        + "[notes]\nkey_files = ['src/auth.py', 'src/gone.py']\n"
        + "[[history]]\nkept = ['analysis.body:9c1185a5', 'x:../y']\n"
    )
    found = [(link.span.slice(text), link.path.as_posix()) for link in session_links(view(text)[0], Around())]
    assert found == [
        ("project:bugfix/analysis@3-5d41402a", "/shop/.orch/versions/t.toml"),
        ("src/auth.py", "/shop/src/auth.py"),
        ("analysis.body:9c1185a5", "/shop/.orch/kept/9c1185a5.md"),
    ]


def test_definitions() -> None:
    session, at = view("notes.key_files = ['src/$0auth.py']\n")
    assert [place.path for place in session_definition(session, at, Around())] == [ROOT / "src/auth.py"]
    session, at = view(BODY.replace("Look at [MODULE", "Look at [MOD$0ULE"))
    found = session_definition(session, at, Around())
    assert [place.span.slice(session.text) for place in found if place.span] == ['"MODULE NAME"']
    session, at = view("tit$0le = 'x'\n")
    assert session_definition(session, at, Around()) == []


def test_references_and_highlights() -> None:
    session, at = view(BODY.replace('"MODULE NAME" =', '"MOD$0ULE NAME" ='))
    spans = session_highlights(session, at)
    assert [span.slice(session.text) for span in spans] == ['"MODULE NAME"', "[MODULE NAME]", "[MODULE NAME]"]
    session, at = view("notes.key_files = ['src/$0auth.py']\n")
    found = session_references(session, at, Around())
    assert [place.path for place in found] == [None, ROOT / "other.orch"]
    assert session_highlights(session, at) == [Span(20, 31)]
