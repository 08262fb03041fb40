"""Which tool finds what: `python -m bench.accuracy --peers FOLDER --write FILE`, with `tests` on the path.

The cases are those of Orch's own tests (`tests/support/template_cases.py`, `tests/corpus/templates`): templates
with one known defect, and valid ones that are easily called wrong; Jinja's verdict on each is a test. A defect is
found when a tool reports anything on its line; whatever it reports of a valid template is false.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.accuracy_tools import TOOLS, Found, Setup, versions
from orch.model.template import FENCE
from orch.text.lines import LineIndex
from support.annotations import Fixture, parse_fixture
from support.template_cases import DEFECTS, VALID
from support.template_corpus import written

ONLY_OURS = frozenset(("invalid-front-matter", "unused-input", "missing-section-request", "duplicate-version"))
"""Rules on what only Orch's templates have."""
_NAMES = re.compile(r"\{%-?\s*(?:extends|include|import|from)\b.*?%\}", re.S)
_QUOTED = re.compile(r"(?<=[\w])(?=['\"](?:\s|,|\]|%|-))")
_ENDING = ".j2"


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `files` has the texts by name; `expected` the places (file, line, column from 0) of the defect."""

    name: str
    files: Mapping[str, str]
    expected: frozenset[tuple[str, int, int]]

    @property
    def is_defect(self) -> bool:
        """Whether something is wrong with it."""
        return bool(self.expected)

    def is_found(self, found: Found) -> bool:
        """Whether something was reported on the defect's line."""
        lines = {(name, line) for name, line, _ in self.expected}
        return any((name, line) in lines for name, line, _ in found)

    def is_exact(self, found: Found) -> bool:
        """Whether something was reported that begins where the defect does."""
        return not self.expected.isdisjoint(found)


def cases() -> list[Case]:
    """Every case that is about Jinja, apart from those on Orch's own front matter and variables.

    Those that want an extension of Jinja are left out too: other tools cannot be told of it.
    """
    found = []
    for name, source in (*DEFECTS.items(), *VALID.items(), *_written()):
        fixture = parse_fixture(source if source.startswith("//- ") else f"//- main\n{source}")
        if not _is_ours(fixture):
            found.append(Case(name, fixture.files, _places(fixture, fixture.files)))
    return found


def _written() -> Iterator[tuple[str, str]]:
    taken = DEFECTS.keys() | VALID.keys()
    for file in ("defects.txt", "valid.txt"):
        for one in written(file):
            if not one.extensions:
                # one name in two lists tells of the same thing, written once more
                yield (f"{one.name} (again)" if one.name in taken else one.name), one.source
                taken |= {one.name}


def for_others(case: Case) -> Case:
    """The case as other tools take it: names of templates are written with the ending of their files."""
    files, expected = {}, set()
    for name, text in case.files.items():
        edited, moved = _with_endings(text)
        files[f"{name}{_ENDING}"] = edited
        lines = LineIndex(edited)
        for where, line, column in case.expected:
            if where == name:
                offset = LineIndex(text).offset(line, column, "utf-32")
                expected.add((f"{name}{_ENDING}", *lines.position(moved(offset), "utf-32")))
    return Case(case.name, files, frozenset(expected))


def _with_endings(text: str) -> tuple[str, Callable[[int], int]]:
    places = [
        tag.start() + quoted.start() for tag in _NAMES.finditer(text) for quoted in _QUOTED.finditer(tag.group())
    ]
    pieces = [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]
    return _ENDING.join(pieces), lambda offset: offset + len(_ENDING) * sum(place < offset for place in places)


def _is_ours(fixture: Fixture) -> bool:
    if any(finding.rule in ONLY_OURS for finding in fixture.expected):
        return True
    if any(text.startswith(FENCE) for text in fixture.files.values()):
        return True
    # what Orch's variables hold, no other tool can know
    return any(
        finding.rule == "undefined-attribute" and "loop." not in fixture.files[finding.path]
        for finding in fixture.expected
    )


def _places(fixture: Fixture, files: Mapping[str, str]) -> frozenset[tuple[str, int, int]]:
    return frozenset(
        (finding.path, *LineIndex(files[finding.path]).position(finding.span.start, "utf-32"))
        for finding in fixture.expected
    )


@dataclass(frozen=True, slots=True)
class Score:
    """What one tool made of the cases: the names of those it found, placed exactly, and called wrong."""

    tool: str
    found: frozenset[str]
    exact: frozenset[str] | None
    wronged: frozenset[str]
    false: int


def score(tool: str, all_cases: Sequence[Case], found: Sequence[Found], *, columns: bool) -> Score:
    """The score of a tool that reported `found` of the cases, in their order."""
    pairs = list(zip(all_cases, found, strict=True))
    return Score(
        tool,
        frozenset(case.name for case, reported in pairs if case.is_defect and case.is_found(reported)),
        frozenset(case.name for case, reported in pairs if case.is_defect and case.is_exact(reported))
        if columns
        else None,
        frozenset(case.name for case, reported in pairs if not case.is_defect and reported),
        sum(len(reported) for case, reported in pairs if not case.is_defect),
    )


def page(all_cases: Sequence[Case], scores: Sequence[Score], names: Mapping[str, str]) -> str:
    """The page, with a table of the tools and one of the cases."""
    defects = [case.name for case in all_cases if case.is_defect]
    valid = [case.name for case in all_cases if not case.is_defect]
    of = f"defects found (of {len(defects)}) | placed exactly | valid called wrong (of {len(valid)})"
    rows = [
        f"| {names[entry.tool]} | {len(entry.found)} | {'-' if entry.exact is None else len(entry.exact)} "
        f"| {len(entry.wronged)} | {entry.false} |"
        for entry in scores
    ]
    tools = " | ".join(entry.tool for entry in scores)
    rule = " | ".join(":-:" for _ in scores)
    found = [
        f"| {name} | {' | '.join('yes' if name in entry.found else '' for entry in scores)} |" for name in defects
    ]
    wrong = [
        f"| {name} | {' | '.join('wrong' if name in entry.wronged else '' for entry in scores)} |"
        for name in valid
        if any(name in entry.wronged for entry in scores)
    ]
    parts = [
        _INTRODUCTION,
        "\n".join([f"| tool | {of} | false findings |", "| --- | --: | --: | --: | --: |", *rows]),
        "## Defects\n\n" + "\n".join([f"| defect | {tools} |", f"| --- | {rule} |", *found]),
        "## Valid templates that some tool calls wrong\n\n"
        + "\n".join([f"| template | {tools} |", f"| --- | {rule} |", *wrong]),
    ]
    return "\n\n".join(parts) + "\n"


_INTRODUCTION = """\
# Accuracy

Made by `make bench`; do not edit. Each template is one of Orch's own test cases
(`tests/support/template_cases.py`, `tests/corpus/templates`). About a third were written after what the other
tools get wrong, and all of them were looked at while Orch was made, so they flatter Orch: they show what it must
not lose, not how often anyone meets it. That Jinja 3.1 fails on every defect
that is an error, and renders every valid template, is a test too. Cases about what only Orch has (front
matter, the attributes of its variables) are left out.

A defect is found when the tool reports anything on its line, and placed exactly when something begins at its
very column (j2lint and djlint are asked for lines only). Whatever is reported of a valid template is false.
In favour of the others: that Orch's variables (`request`, `project` ...) are not defined does not count
against jinja-lsp, which was not told of them; matters of style (all rules of j2lint but `jinja-syntax-error`;
every H rule, T001, T002, T003, T028 and T032 of djlint) do not count; names of templates are written with the
ending of their files."""


def main(arguments: Sequence[str]) -> int:
    """Runs the tools, prints the table, writes the page; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description="Who finds what.")
    parser.add_argument("--peers", type=Path, required=True, help="the folder with the peers' programs")
    parser.add_argument("--write", type=Path, help="write the page to this file")
    options = parser.parse_args(arguments)
    ours = cases()
    scores = []
    with tempfile.TemporaryDirectory(prefix="orch-accuracy-") as folder:
        for tool in TOOLS:
            if not tool.is_there(options.peers):
                print(f"{tool.name} is not installed and is left out", file=sys.stderr)
                continue
            taken = ours if tool.ours else [for_others(case) for case in ours]
            setup = Setup(
                options.peers.absolute(), Path(folder).resolve() / tool.name, [case.files for case in taken]
            )
            scores.append(score(tool.name, taken, tool.run(setup), columns=tool.columns))
    told = page(ours, scores, versions(options.peers.absolute()))
    print(told.split("\n\n## ")[0].rpartition("\n\n")[2])
    if options.write is not None and len(scores) == len(TOOLS):
        options.write.write_text(told, encoding="utf-8", newline="\n")
    return 0 if len(scores) == len(TOOLS) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
