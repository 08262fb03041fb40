"""What the regular expressions of the package must not use, for the sake of every Python that it runs on."""

import io
import re
import tokenize
from pathlib import Path

import orch

POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{\d*,?\d*\})\+")


def test_no_group_is_possessive() -> None:
    """Such a group does not give back what a broken-off round took, on Python 3.11.0 to 3.11.4 (gh-106052).

    Debian 12 ships 3.11.2. A possessive quantifier behind a single character or class is sound there too.
    """
    found = []
    for path in sorted(Path(orch.__file__).parent.rglob("*.py")):
        for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
            if token.type == tokenize.STRING and POSSESSIVE_GROUP.search(token.string):
                found.append(f"{path.name}:{token.start[0]}")
    assert found == []
