"""The pages of docs/rules/ are those that the records make."""

from dataclasses import replace
from pathlib import Path

from orch.rules.pages import page, pages
from orch.rules.session_rules import SESSION_RULES

FOLDER = Path(__file__).parents[2] / "docs" / "rules"


def test_the_pages_are_up_to_date() -> None:
    wanted = pages()
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    assert sorted(written) == sorted(wanted)
    out_of_date = [name for name in wanted if written[name] != wanted[name]]
    assert out_of_date == [], "run: python docs/make_rules.py"


def test_an_example_with_a_fence_stands_in_a_longer_one() -> None:
    rule = replace(SESSION_RULES["toml-syntax"], bad="```\n")
    assert "````toml\n```\n````" in page(rule, "toml")
