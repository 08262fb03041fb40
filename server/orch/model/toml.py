"""TOML data of a file that is only read."""

import tomllib
from typing import Any

from orch.syntax.toml_tree import parse_toml


def exact_toml_data(text: str) -> dict[str, Any]:
    """The data in `text`, nothing of a text that is not valid TOML: for files that only the program writes."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        # tomllib raises ValueError itself for an impossible date and for an integer of too many digits
        return {}


def toml_data(text: str) -> dict[str, Any]:
    """The data in `text`; of a text that is not valid TOML, what is certain all the same. Never raises."""
    return exact_toml_data(text) or parse_toml(text).data
