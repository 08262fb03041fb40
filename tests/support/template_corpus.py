"""The written templates of `tests/corpus/templates`: valid ones that look wrong, and defective ones, annotated."""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "corpus" / "templates"
_HEADING = re.compile(r"=== (?P<name>[^\[\n]+?)(?: \[(?P<extensions>[a-z, ]+)\])?\n")


@dataclass(frozen=True, slots=True)
class Written:
    """One template, with its further files, and the Jinja extensions that it wants."""

    name: str
    source: str
    extensions: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


def written(file: str) -> list[Written]:
    """The templates in a file of the folder. Raises ValueError where two have the same name."""
    text = (FOLDER / file).read_text(encoding="utf-8")
    headings = list(re.finditer(rf"^{_HEADING.pattern}", text, re.M))
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    found = []
    for heading, end in zip(headings, ends, strict=True):
        extensions = tuple(heading["extensions"].split(", ")) if heading["extensions"] else ()
        found.append(Written(heading["name"], text[heading.end() : end], extensions))
    if len({one.name for one in found}) != len(found):
        raise ValueError(f"two templates of {file} have the same name")
    return found
