"""TOML texts for tests: documents in every style a person may use, and what is left of them after an accident."""

import math
import random
import tomllib
from typing import Any

from orch.syntax.toml_tree import TomlTree, parse_toml

SEEDS = (
    r"""
schema = 1
id = "8f14"
created = 2026-11-21T02:10:00Z

[request]
text = '''
a "long"
text'''

[notes]
key_files = ["a.py", 'b.py']
[[notes.risks]]
risk = "r"

[[notes.risks]]
risk = "s" # why
[planning.values]
"A B" = "c"

[[history]]
at = 1979-05-27 07:32:00
kept = [
  "x", # one
  "y",
]
""",
    r"""
a.b.c = 1
a.b.d = [1, 2.5, -3e7, inf, nan, 0x1F, 0b1, 0o7, 1_000]
a.e = { f = true, g.h = 'x', i = {} }
[t.u]
v.w = 07:32:00
v.x = 1979-05-27
[t]
y = 'z'
[[p.q]]
[p.q.r]
s = '''''x'''''
[[p.q]]
""",
    r'''
k = """
line \
   joined \u00e9 \U0001F600 \t \" \\ ""quotes"" end"""
"q k".'l' = ""
'' = ''
["x.y".z]
n = [[1, [2, {a = ["]"]}]], []]
# comment
''',
    "m = '''\r\ncrlf\r\n'''\r\n[t]\r\nn = 1\r\n",
    "[a]\n[a.b]\n[a.b.c]\nx = 1\n[[d]]\n[d.e]\ny = 1\n[[d.f]]\nz = 2\n[[d.f]]\n[[d]]\ng = {h = 1, i = 2}\n",
)
"""Valid documents with, between them, every construct of TOML 1.0."""

PIECES = (
    *"abkt01._-+eEzT:= \t\n\r\"'#,[]{}\\",
    *(
        "'''",
        '"""',
        "\r\n",
        "\n\n",
        "[a]",
        "[[a]]",
        "[a.b]",
        "[[a.b]]",
        "a = 1\n",
        "a.b = 1\n",
        "a = {}\n",
        "a = []\n",
    ),
    *(
        "true",
        "false",
        "inf",
        "nan",
        "1979-05-27",
        "07:32:00",
        "T",
        "Z",
        "+01:00",
        "\\u0041",
        "\\n",
        "\\x41",
        "\\e",
    ),
    *("\x00", "\x07", "\x7f", "\u2028", "\ufeff", "\ud800", "😀", "é", "\x85", "# c\n", "<<<<<<< a\n", "=======\n"),
    *(">>>>>>> b\n", "||||||| c\n", " = ", "a = '''\n", 'b = """\n', "x\n", "[d]\n", "a = [\n", "b = {\n", ",\n"),
)
"""What a mutation puts into a document."""


def mutated(random_: random.Random, text: str) -> str:
    """`text` after one to four small accidents: something put in, taken out, moved or doubled."""
    for _ in range(random_.choice((1, 1, 1, 2, 3, 4))):
        at, to = sorted((random_.randint(0, len(text)), random_.randint(0, len(text))))
        to = min(to, at + random_.choice((1, 1, 2, 3, 8, 60)))
        kind = random_.random()
        if kind < 0.5:
            text = text[:at] + random_.choice(PIECES) + text[at:]
        elif kind < 0.75:
            text = text[:at] + text[to:]
        elif kind < 0.9:
            text = text[:at] + random_.choice(PIECES) + text[to:]
        else:
            place = random_.randint(0, len(text))
            text = text[:place] + text[at:to] + text[place:]
    return text


def judged(text: str) -> dict[str, Any] | None:
    """What tomllib says that `text` holds; None when it refuses it."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def same(one: Any, other: Any) -> bool:
    """Whether two TOML values are the same, types, not-a-number and time zones included."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        return (math.isnan(one) and math.isnan(other)) or (one == other and repr(one) == repr(other))
    return bool(one == other) and str(one) == str(other)


def assert_agrees(text: str) -> TomlTree:
    """Checks a text's tree against tomllib and in itself; gives the tree."""
    tree = parse_toml(text)
    data = judged(text)
    assert tree.valid == (data is not None), (text, tree.problems)
    if data is not None:
        assert not tree.problems
        assert same(tree.data, data), (text, tree.data, data)
    else:
        assert tree.problems
    assert_whole(tree)
    return tree


def assert_whole(tree: TomlTree) -> None:
    """Checks that every span of a tree lies in the text and says what it should."""
    text = tree.text
    at = 0
    for index in range(len(tree.document.statements)):
        lines = tree.lines_of(index)
        assert lines.start == at < lines.end, (text, index)
        at = lines.end
    assert at == len(text)
    for problem in tree.problems:
        assert 0 <= problem.span.start <= problem.span.end <= len(text), (text, problem)
        assert problem.message.endswith("."), problem
    for entry in tree.entries:
        assert entry.span.start == entry.key_span.start <= entry.key_span.end <= entry.value.span.start, (
            text,
            entry,
        )
        assert entry.value.span.end == entry.span.end <= len(text), (text, entry)
        if entry.value.kind == "string":
            assert entry.value.span.start < entry.value.content.start <= entry.value.content.end, (text, entry)
            value = entry.value.value
            assert entry.value.offset_of(len(value)) == entry.value.content.end
    for header in tree.headers:
        assert header.span.slice(text).startswith("["), (text, header)
        assert header.span.end <= header.body.start <= header.body.end <= len(text), (text, header)
