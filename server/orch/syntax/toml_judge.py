"""What tomllib says a value is, by the value's own text. It judges; the scanner only knows where values end."""

import tomllib
from datetime import date, time
from functools import lru_cache
from typing import Any

from orch.syntax.toml_raw import ValueKind

_MEMO_LENGTH = 120


class Refused:
    """tomllib did not take the text. `reason` is its sentence, `too_deep` when it ran out of stack."""

    __slots__ = ("reason", "too_deep")

    def __init__(self, reason: str, too_deep: bool = False) -> None:
        self.reason = reason
        self.too_deep = too_deep


def judge(text: str) -> Any:
    """The Python value of the TOML value `text`, or Refused. Never raises.

    A value that can be changed (list, dict) is the caller's own.
    """
    try:
        data = tomllib.loads(f"v = {text}\n")
    except RecursionError:
        return Refused("nested too deeply", too_deep=True)
    except ValueError as error:  # TOMLDecodeError, or an int of too many digits
        return Refused(str(error))
    return data["v"] if len(data) == 1 else Refused("more than one value")


@lru_cache(maxsize=4096)
def _judge_short(text: str) -> Any:
    return judge(text)


def judge_scalar(text: str) -> Any:
    """The same for a text that is no array and no inline table; remembers short ones."""
    return _judge_short(text) if len(text) <= _MEMO_LENGTH else judge(text)


def kind_of(value: Any) -> ValueKind:
    """What TOML calls a Python value that tomllib gave."""
    if isinstance(value, str):
        return "string"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "float"
    if isinstance(value, date | time):
        return "datetime"
    return "array" if isinstance(value, list) else "inline-table"
