"""What went wrong in a template, as one plain sentence with its place. Used by the worker process only."""

from collections.abc import Iterable
from difflib import get_close_matches
from types import TracebackType
from typing import Any

from jinja2 import Template, TemplateNotFound, TemplatesNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.utils import missing

from orch.render.sandbox import PlainUndefined, Record, TooMuchError

_METHODS = {
    "items": "; it has no methods, so write `|items`.",
    "keys": "; it has no methods, and a loop over it gives its keys.",
    "values": "; it has no methods, so write `|items`.",
    "get": "; it has no methods, so write `|default(...)` behind the key.",
}


def failure(error: BaseException, entry: str, variables: Iterable[str]) -> dict[str, Any]:
    """The reply for `error`: sentence, template, line and, where one was missing, the variable's name."""
    undefined = None
    if isinstance(error, TemplateSyntaxError):
        template = error.name or entry
        line: int | None = error.lineno
        sentence = f"{_sentence_start(error.message)} in {place(template, line)}."
    else:
        template, line = _place(error.__traceback__, entry)
        at = place(template, line)
        if isinstance(error, UndefinedError):
            what, mean, undefined = _undefined(error, variables)
            sentence = f"{what} in {at}{mean}"
        else:
            sentence = _other(error, at)
    return {"sentence": sentence, "template": template, "line": line, "undefined": undefined}


def place(template: str, line: int | None) -> str:
    """`template, line n`."""
    return template if line is None else f"{template}, line {line}"


def _other(error: BaseException, at: str) -> str:
    match error:
        case TemplatesNotFound():
            names = " or ".join(f"`{name}`" for name in error.templates)
            return f"There is no template {names}, which {at}, asks for."
        case TemplateNotFound():
            return f"There is no template `{error.name}`, which {at}, asks for."
        case SecurityError():
            return f"{at}, does what a template may not do: {_plain(error)}."
        case TooMuchError():
            return f"{at}, {error}"
        case RecursionError():
            return f"{at}, goes on without end: a template or a macro reaches itself, or the nesting is too deep."
        case MemoryError():
            return f"{at}, needs more memory than a template may have."
        case _:
            return f"{at}, cannot be rendered: {_plain(error)}."


def _undefined(error: UndefinedError, variables: Iterable[str]) -> tuple[str, str, str | None]:
    """(what is not there, how the sentence ends, the name if it is a variable)."""
    value = _culprit(error)
    name, owner = value.wanted if value is not None else (None, missing)
    if name is None:
        return _sentence_start(str(error)), ".", None
    if owner is missing:
        return f"`{name}` is not defined", _meant(name, variables), name
    if isinstance(owner, Record):
        return f"`{owner.path}` has no `{name}`", _METHODS.get(name) or _meant(name, owner), None
    return f"{_sentence_start(_kind(owner))} has no `{name}`", ".", None


def _culprit(error: UndefinedError) -> PlainUndefined | None:
    """The undefined value that refused to be used: Jinja's exception does not carry it, its frame does."""
    traceback, found = error.__traceback__, None
    while traceback is not None:
        value = traceback.tb_frame.f_locals.get("self")
        if isinstance(value, PlainUndefined):
            found = value
        traceback = traceback.tb_next
    return found


def _kind(value: object) -> str:
    match value:
        case str():
            return "a text"
        case bool():
            return "a truth value"
        case int() | float():
            return "a number"
        case list() | tuple():
            return "a list"
        case dict():
            return "a mapping"
        case None:
            return "a value that is none"
        case _:
            return f"a {type(value).__name__}"


def _meant(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    if close and close[0] == name:
        return "; a template that is asked for without context does not see it."
    return f"; did you mean `{close[0]}`?" if close else "."


def _place(traceback: TracebackType | None, entry: str) -> tuple[str, int | None]:
    """The innermost template on the way to the error and the line in it; the entry where none had begun to run."""
    template, line = entry, None
    while traceback is not None:
        running = traceback.tb_frame.f_globals.get("__jinja_template__")
        if isinstance(running, Template) and running.name is not None:
            template, line = running.name, running.get_corresponding_lineno(traceback.tb_lineno)
        traceback = traceback.tb_next
    return template, line


def _plain(error: BaseException) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__


def _sentence_start(message: str | None) -> str:
    text = (message or "syntax error").strip().rstrip(".")
    return text[:1].upper() + text[1:]
