"""Where the page of a rule is: a file beside the program, so that the link works without a network."""

from functools import cache
from pathlib import Path

import orch


@cache
def rule_page(rule: str) -> str | None:
    """The URI of the page about `rule`, None where the pages were left out."""
    folder = rule_pages()
    return (folder / f"{rule}.md").as_uri() if folder is not None else None


@cache
def rule_pages() -> Path | None:
    """The folder of the pages: inside the package when installed, `docs/rules/` in a checkout."""
    package = Path(orch.__file__).absolute().parent
    places = (package / "rule_pages", package.parents[1] / "docs" / "rules")
    return next((place for place in places if place.is_dir()), None)
