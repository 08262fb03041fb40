"""Jinja as templates are written for it: the settings that decide what a text means, and its own lexer and parser.

Built on Jinja 3.1.6; every 3.1.x has what is used here.
"""

import threading
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from jinja2 import Environment

BUILT_ON = "3.1.6"
"""The version of Jinja whose behaviour was looked at; the tests run on any 3.1.x."""

EXTENSIONS = {"do": "jinja2.ext.do", "loopcontrols": "jinja2.ext.loopcontrols"}
"""Jinja extensions by the short names of the configuration."""

EXTENSION_TAGS = {"do": "do", "break": "loopcontrols", "continue": "loopcontrols"}
"""The tags that exist only with an extension, by the extension's short name."""

T = TypeVar("T")


@cache
def jinja_environment(extensions: tuple[str, ...] = ()) -> Environment:
    """An environment for reading templates, never for rendering them. Unknown extensions are passed over."""
    return Environment(
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=[EXTENSIONS[name] for name in extensions if name in EXTENSIONS],
    )


def in_shallow_stack(function: Callable[[], T]) -> T:
    """Calls `function` in a thread of its own, where the whole recursion limit is left; raises what it raises.

    How deep an expression Jinja can read depends on how deep the caller stands already.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(function())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def jinja_verdict(text: str, extensions: tuple[str, ...] = ()) -> Exception | None:
    """What Jinja's parser raises for the whole of `text`, None when it accepts it."""
    try:
        in_shallow_stack(lambda: jinja_environment(extensions).parse(text))
    except Exception as error:  # whatever it raises is the verdict
        return error
    return None
