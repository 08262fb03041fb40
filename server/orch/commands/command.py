"""A command's record, and its parameters read from JSON."""

import dataclasses
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project

Params = TypeVar("Params")


@dataclass(frozen=True, slots=True)
class Command(Generic[Params]):
    """A command: its name in the language server, the record of its parameters, and what it does.

    `changes` is False for the commands that only read. `brings` is the parameter that holds a text which must not
    be lost when the command is refused; `files` is the command line that would file it, with `{session}` and
    `{file}`.
    """

    name: str
    params: type[Params]
    function: Callable[[Project, Params], Outcome | Refusal]
    summary: str
    changes: bool = True
    brings: str = ""
    files: str = ""


def decode(params: type[Params], given: Mapping[str, Any], name: str) -> Params | Refusal:
    """The parameters of the command `name` from a JSON object: `featureType` becomes `feature_type`.

    The words of the command line are taken as well (`type`, `from`, `to`; `ref` and `template` for a name), where
    the command has no parameter of that name itself. Unknown names, missing ones and values of a wrong type are
    refused in one sentence.
    """
    assert dataclasses.is_dataclass(params)
    hints = get_type_hints(params)
    values: dict[str, Any] = {}
    for key, value in given.items():
        field = re.sub(r"[A-Z]", lambda letter: "_" + letter.group().lower(), key)
        field = field if field in hints else next(filter(hints.__contains__, _SAME.get(field, ())), field)
        if field not in hints:
            known = ", ".join(map(_camel, hints)) or "nothing"
            return Refusal(f"{name} does not take {key!r}; it takes {known}.")
        if value is None:
            continue
        wrong = _mismatch(hints[field], value)
        if wrong:
            return Refusal(f"{name} wants {wrong} for {key!r}.")
        values[field] = value
    for known_field in dataclasses.fields(params):
        has_default = (known_field.default, known_field.default_factory) != (dataclasses.MISSING,) * 2
        if not has_default and known_field.name not in values:
            return Refusal(f"{name} needs {_camel(known_field.name)!r}.")
    return params(**values)


_SAME = {
    "type": ("feature_type",),
    "from": ("source", "left"),
    "to": ("version", "right"),
    "ref": ("name",),
    "template": ("name",),
}
"""The command line's words, and what each may be called here, the first that a command has."""
_WORDS: dict[Any, str] = {str: "a text", bool: "true or false", int: "a whole number"}


def _mismatch(hint: Any, value: Any) -> str | None:
    """What `hint` wants, in words, when `value` is not of it."""
    if get_origin(hint) in (Union, types.UnionType):
        options = [option for option in get_args(hint) if option is not type(None)]
        found = [_mismatch(option, value) for option in options]
        return None if None in found else found[0]
    if hint is Any:
        return None  # the command looks at it itself
    if get_origin(hint) in (dict, Mapping) or getattr(get_origin(hint), "__name__", "") == "Mapping":
        fine = isinstance(value, Mapping) and all(isinstance(entry, str) for entry in value.values())
        return None if fine else "an object of texts"
    fine = isinstance(value, hint) and not (hint is int and isinstance(value, bool))
    return None if fine else _WORDS[hint]


def _camel(field: str) -> str:
    first, *rest = field.split("_")
    return first + "".join(word.capitalize() for word in rest)
