"""`docs/guides/fixes.md` tells the truth: which rules have a fix, and which have none."""

import re
from pathlib import Path

from orch.rules.template_rules import TEMPLATE_RULES
from support.annotations import parse_fixture
from support.template_cases import DEFECTS
from support.template_corpus import FOLDER, written
from support.templates import findings

PAGE = Path(__file__).parents[2] / "docs" / "guides" / "fixes.md"
BY_ACTION = {"duplicate-version"}
"""Fixed by a command, which the light bulb offers (`ide/template_actions.py`)."""


def _rows() -> dict[str, str]:
    """What the page says of each rule's fix."""
    rows = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = re.split(r"(?<!\\)\|", line)
        if len(cells) == 5:
            for name in re.findall(r"`([a-z-]+)`", cells[1]):
                rows[name] = cells[2].strip()
    return rows


def _fixed_rules() -> set[str]:
    """The rules for which some known defect has a fix."""
    mended = re.findall(r"^=== ([a-z-]+): ", (FOLDER / "fixes.txt").read_text(encoding="utf-8"), re.M)
    sources = [*DEFECTS.values(), *(one.source for one in written("defects.txt"))]
    for source in sources:
        files = parse_fixture(source if source.startswith("//- ") else f"//- main\n{source}").files
        mended += [found.rule for name in files for found in findings(files, name) if found.fixes]
    return set(mended)


def test_every_rule_is_in_the_table() -> None:
    assert _rows().keys() == TEMPLATE_RULES.keys()


def test_a_rule_has_a_fix_exactly_where_the_page_says_so() -> None:
    told = {name for name, fix in _rows().items() if fix}
    assert told == _fixed_rules() | BY_ACTION
