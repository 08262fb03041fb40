"""An answer copied with quote marks, a border, line numbers or a terminal's sign gives the same parts."""

from collections.abc import Callable

import pytest

from orch.workflow.extraction import extract
from support.answers import PARTS, Answer, answers


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def bordered(text: str) -> str:
    return "\n".join(f"│ {line}" for line in text.split("\n"))


def framed(text: str) -> str:
    width = max(map(len, text.split("\n")))
    rows = "\n".join(f"│ {line.ljust(width)} │" for line in text.split("\n"))
    return f"╭{'─' * (width + 2)}╮\n{rows}\n╰{'─' * (width + 2)}╯\n"


def numbered(text: str) -> str:
    return "\n".join(f"{number:5d}\t{line}" for number, line in enumerate(text.split("\n"), 1))


def in_a_terminal(text: str) -> str:
    return "⏺ " + "\n".join(f"  {line}" if line else "" for line in text.split("\n")).lstrip() + "\n\n❯ \n"


def fenced(text: str) -> str:
    return f"~~~~~~~~markdown\n{text}\n~~~~~~~~\n"


# what has such marks of its own is another answer when more is put around it
OTHERS = frozenset(
    {"terminal-frame", "terminal-left-border", "line-numbers", "quoted-mail", "terminal-prompt-behind"}
)
PLAIN = [
    answer
    for answer in answers()
    if answer.well_formed
    and answer.name not in OTHERS
    and not set("\r\t\ufeff\x1b") & set(answer.text)
    and answer.text.count("\n") > 8
    and not answer.text.startswith(" ")
    and answer.text == "\n".join(line.rstrip() for line in answer.text.split("\n"))
]


@pytest.mark.parametrize("around", [quoted, bordered, framed, numbered, in_a_terminal, fenced])
def test_what_a_copy_puts_around_is_no_part_of_it(around: Callable[[str], str]) -> None:
    assert len(PLAIN) > 60
    assert {answer.name: problem for answer in PLAIN if (problem := _difference(answer, around))} == {}


def _difference(answer: Answer, around: Callable[[str], str]) -> str:
    plain = extract(answer.text.rstrip("\n"))
    text = around(answer.text.rstrip("\n"))
    copied = extract(text)
    for name in PARTS:
        before, after = plain.part(name), copied.part(name)
        if (before.state, before.text) != (after.state, after.text):
            return f"{name}: {after.state} {after.why}"
        if after.by in ("heading", "xml tag", "bold line"):
            source = text[after.start : after.end]
            first, last = (after.text.split("\n")[at].strip() for at in (0, -1))
            if not (source.startswith(first) and source.endswith(last)):
                return f"{name}: at another place"
    return ""


def test_a_frame_whose_last_line_is_cut_off_is_a_frame() -> None:
    text = framed(
        "## ANALYSIS TEMPLATE\n\nLook at it.\n\n## IMPLEMENTATION TEMPLATE\n\nBuild it as it is described here."
    )
    cut = text[: text.index("described") + 4]
    assert extract(cut).analysis.text == "Look at it."
    assert extract(cut).implementation.state == "doubtful"
    assert extract(cut).implementation.text == "Build it as it is desc"


@pytest.mark.parametrize("end", ["$ ", "ada@shop:~/shop$ ", "ada@shop:~/shop$ git status", "%"])
def test_the_prompt_of_a_shell_behind_an_answer_is_no_part_of_it(end: str) -> None:
    answer = (
        "## ANALYSIS TEMPLATE\n\nLook at it.\n\n## EXECUTION NOTES\n\nComplexity: low\nTime estimate: 1 hour\n\n"
    )
    assert extract(answer + end).notes.text == "Complexity: low\nTime estimate: 1 hour"


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("<<<{}>>>", "<<<END_{}>>>"),
        ("<<<{}>>>", "<<</{}>>>"),
        ("<<<{}>>>", "<<<END>>>"),
        ("<<<{}>>>", ""),
        ("=== {} ===", "=== END ==="),
        ("[{}]", "[/END]"),
    ],
)
@pytest.mark.parametrize("wrap", ["{}", "```\n{}\n```"])
def test_the_line_that_ends_a_part_is_no_part_of_it(begin: str, end: str, wrap: str) -> None:
    parts = {
        "ANALYSIS_TEMPLATE": "Look at it.",
        "IMPLEMENTATION_TEMPLATE": "Build it.",
        "EXECUTION_NOTES": "Time: 1 h",
    }
    blocks = (f"{begin.format(name)}\n{wrap.format(part)}\n{end.format(name)}\n" for name, part in parts.items())
    found = extract("\n".join(blocks) + "\nLet me know if you need more.\n")
    assert [found.part(name).text for name in PARTS] == list(parts.values())
    assert found.analysis.state == found.implementation.state == "found"
