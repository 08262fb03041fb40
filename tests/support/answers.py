"""The corpus of planning answers (tests/corpus/answers): each `name.md` with what is in it, `name.toml`, beside it.

The expectation of a part gives its `state` ("found|doubtful" where both will do) and either `lines` (first and
last, 1-based) with the `margin` that is to come off them, or its `text`. `[fields]` says what the notes hold.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orch.workflow.extraction import extract
from orch.workflow.extraction_result import Extraction, State
from orch.workflow.notes import note_sections

FOLDER = Path(__file__).parents[1] / "corpus" / "answers"
PARTS = ("analysis", "implementation", "notes")


@dataclass(frozen=True)
class Answer:
    """One answer with its expectation."""

    name: str
    text: str
    expected: dict[str, Any]

    @property
    def well_formed(self) -> bool:
        """Whether a careful reader has no doubt about any part."""
        return bool(self.expected["well_formed"])

    def part_text(self, part: str) -> str | None:
        """The text that the part is expected to have, None where none is stated."""
        expected = self.expected[part]
        if "text" in expected:
            return str(expected["text"])
        if "lines" not in expected:
            return None
        first, last = expected["lines"]
        lines = [line.rstrip("\r").removeprefix("\ufeff") for line in self.text.split("\n")][first - 1 : last]
        margin = expected.get("margin", 0)
        return "\n".join(line[margin:] for line in lines)


def answers() -> list[Answer]:
    """Every answer of the corpus, by name."""
    found = []
    for path in sorted(FOLDER.glob("*.md")):
        text = path.read_bytes().decode()
        found.append(Answer(path.stem, text, tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))))
    return found


def part_problem(answer: Answer, part: str, found: Extraction) -> str:
    """What is wrong with one part: empty when it is as expected."""
    expected, got = answer.expected[part], found.part(part)
    states = expected["state"].split("|")
    if got.state.value not in states:
        return f"{part}: {got.state.value} instead of {expected['state']} {got.why}"
    text = answer.part_text(part)
    if text is not None and got.state is not State.MISSING and got.text != text:
        if got.state is State.FOUND:
            return f"{part}: found with a wrong text"
        return f"{part}: doubtful with another text" if answer.well_formed else ""
    if "by" in expected and got.by != expected["by"]:
        return f"{part}: by {got.by} instead of {expected['by']}"
    return ""


def silently_wrong(answer: Answer, part: str, found: Extraction) -> bool:
    """Whether a part is called found though its text is not the expected one: the one thing that must never be."""
    got = found.part(part)
    if got.state is not State.FOUND:
        return False
    text = answer.part_text(part)
    return text is None or got.text != text


def field_problems(answer: Answer, found: Extraction) -> list[str]:
    """What is wrong with the notes' fields, as far as the expectation states them."""
    expected = answer.expected.get("fields", {})
    fields = found.fields
    got: dict[str, Any] = {
        "complexity": fields.complexity,
        "time_estimate": fields.time_estimate,
        "key_files": list(fields.key_files),
        "risks": [[risk.risk, risk.mitigation] for risk in fields.risks],
        "sections": list(note_sections(fields.text)),
    }
    problems = []
    for key, value in expected.items():
        if key == "sections":
            if missing := [section for section in value if section not in got["sections"]]:
                problems.append(f"sections: {missing} not in {got['sections']}")
        elif got[key] != value:
            problems.append(f"{key}: {got[key]!r} instead of {value!r}")
    return problems


def measure(chosen: list[Answer]) -> dict[str, Any]:
    """Counts over answers: parts expected, exact and found, doubtful though exact, silently wrong, fields right."""
    counts = {
        "answers": len(chosen),
        "parts": 0,
        "exact": 0,
        "found": 0,
        "silent": 0,
        "fields": 0,
        "fields_right": 0,
    }
    for answer in chosen:
        found = extract(answer.text)
        for part in PARTS:
            text = answer.part_text(part)
            if text is not None:
                counts["parts"] += 1
                counts["exact"] += found.part(part).text == text
                counts["found"] += found.part(part).text == text and found.part(part).state is State.FOUND
            counts["silent"] += silently_wrong(answer, part, found)
        stated = answer.expected.get("fields", {})
        counts["fields"] += len(stated)
        counts["fields_right"] += len(stated) - len(field_problems(answer, found))
    return counts
