"""Reading records from TOML data that a person wrote: what fits is taken, what does not is a located problem."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

Path = tuple[str | int, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a key or value: where it stands in the data, and one plain sentence."""

    path: Path
    sentence: str


class Reading:
    """One table of TOML data being read. Tables below it share its list of `problems`."""

    def __init__(self, data: Mapping[str, Any], path: Path = (), problems: list[Problem] | None = None) -> None:
        self.data = data
        self.problems: list[Problem] = [] if problems is None else problems
        self._path = path
        self._known: set[str] = set()

    def problem(self, key: str | None, sentence: str) -> None:
        """Notes that `key` (None: the table itself) is wrong."""
        self.problems.append(Problem((*self._path, key) if key is not None else self._path, sentence))

    def text(self, key: str) -> str | None:
        """The text at `key`."""
        return self._of(key, str, "a text")

    def integer(self, key: str) -> int | None:
        """The whole number at `key`."""
        return self._of(key, int, "a whole number")

    def number(self, key: str) -> float | None:
        """The number at `key`."""
        value = self._value(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        self._wrong(key, value, "a number")
        return None

    def time(self, key: str) -> datetime | None:
        """The date and time at `key`, in UTC; one without a zone is taken as UTC."""
        value = self._of(key, datetime, "a date and time")
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)

    def scalar(self, key: str) -> str | bool | int | float | None:
        """The text, number or truth value at `key`."""
        value = self._value(key)
        if isinstance(value, str | int | float):
            return value
        self._wrong(key, value, "a text, a number or true or false")
        return None

    def texts(self, key: str) -> list[str]:
        """The list of texts at `key`."""
        value = self._value(key)
        if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            return list(value)
        self._wrong(key, value, "a list of texts")
        return []

    def texts_by_name(self, key: str) -> dict[str, str]:
        """The table of texts at `key`; numbers and truth values are written as TOML writes them."""
        table = self.table(key)
        found: dict[str, str] = {}
        for name in table.data:
            value = table.scalar(name)
            if value is not None:
                found[name] = str(value).lower() if isinstance(value, bool) else str(value)
        return found

    def table(self, key: str) -> "Reading":
        """The table at `key`, an empty one where there is none."""
        value = self._value(key)
        if not isinstance(value, Mapping):
            self._wrong(key, value, "a table")
            value = {}
        return Reading(value, (*self._path, key), self.problems)

    def tables(self, key: str) -> Iterator["Reading"]:
        """The tables of the array at `key`."""
        value = self._value(key)
        if value is not None and not isinstance(value, list):
            self._wrong(key, value, "a list of tables")
            return
        for index, entry in enumerate(value or ()):
            if isinstance(entry, Mapping):
                yield Reading(entry, (*self._path, key, index), self.problems)
            else:
                self.problems.append(Problem((*self._path, key, index), f"`{key}` wants a list of tables."))

    def refuse_other_keys(self) -> None:
        """Notes the keys that nothing has asked for."""
        for key in self.data:
            if key not in self._known:
                known = ", ".join(f"`{name}`" for name in sorted(self._known))
                self.problem(key, f"There is no key `{key}` here; there are {known}.")

    def _value(self, key: str) -> Any:
        self._known.add(key)
        return self.data.get(key)

    def _of(self, key: str, kind: type[T], words: str) -> T | None:
        value = self._value(key)
        # bool is an int to Python, not to TOML
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return value
        self._wrong(key, value, words)
        return None

    def _wrong(self, key: str, value: object, words: str) -> None:
        if value is not None:
            self.problem(key, f"`{key}` wants {words}.")
