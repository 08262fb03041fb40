"""How a runner ended, in one plain sentence."""

import re
import signal

LONGEST = 300
"""Code points of standard error that a sentence takes along."""

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def ended_badly(name: str, code: int, errors: str) -> str:
    """The sentence for an exit code that is not 0; a negative one is a signal's number."""
    how = f"was killed by {_signal_name(-code)}" if code < 0 else f"ended with exit code {code}"
    return _with(f"{name} {how}", errors)


def wrote_nothing(name: str, errors: str) -> str:
    """The sentence for a runner that ended well and had nothing to say."""
    return _with(f"{name} wrote nothing", errors)


def _with(how: str, errors: str) -> str:
    said = " ".join(_CONTROL.sub("", _ESCAPES.sub("", errors)).split())
    if not said:
        return f"{how}."
    end = said if len(said) <= LONGEST else f"... {said[-LONGEST:]}"
    return f"{how}; it said: {end}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
