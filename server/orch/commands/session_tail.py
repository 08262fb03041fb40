"""What the end of a session's file tells: when the last step was taken, and what its runs cost."""

import re
from datetime import UTC, datetime

from orch.model.session import Execution

_AT = re.compile(r"at = (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z)\n")
_RUNS, _HISTORY = "\n[[executions]]\n", "\n[[history]]\n"
_RUN = re.compile(
    r'step = "[a-z]+"\nrunner = "[^"\\\n]*"\n(?:model = "[^"\\\n]*"\n)?(?:started = [0-9TZ:.-]+\n)?'
    r'(?:seconds = (\d+(?:\.\d+)?)\n)?status = "[a-z]+"\n(?:prompt_chars = \d+\n)?(?:answer_chars = \d+\n)?'
    r"(?:input_tokens = (\d+)\n)?(?:output_tokens = (\d+)\n)?\n*\Z"
)


def last_step(tail: str) -> datetime | None:
    """When the last step was taken, by the tail of a session's file; None where that cannot be seen there."""
    _, header, last = tail.rpartition(_HISTORY)
    found = _AT.match(last) if header else None
    # a header behind it is of another table, and quotes may make all of it part of a text
    if found is None or "'''" in last or '"""' in last or "\n[" in last:
        return None
    try:
        return datetime.fromisoformat(found[1]).astimezone(UTC)
    except ValueError:
        return None


def runs_in(tail: str) -> tuple[Execution, ...] | None:
    """The runs by the tail of a session's file, with their figures alone; None where they cannot be seen there.

    Orch writes them right before the history, each in one form, so that neither a long text nor all of the file
    has to be read.
    """
    text_end = max(tail.rfind("'''"), tail.rfind('"""'))
    start = max(text_end, 0)
    first = tail.find(_RUNS, start)
    first = tail.find(_HISTORY, start) if first < 0 else first
    if first < 0 or not (_is_other(tail[:first]) if text_end < 0 else _RUNS not in tail[:text_end]):
        return None
    behind = tail[first:]
    runs, header, rest = behind.partition(_HISTORY)
    if not header or _RUNS in rest:
        return None
    found = [_RUN.match(f"{run}\n") for run in runs.split(_RUNS)[1:]]
    if None in found:
        return None
    return tuple(
        Execution(
            "",
            "",
            "",
            seconds=float(run[1]) if run[1] else None,
            input_tokens=int(run[2]) if run[2] else None,
            output_tokens=int(run[3]) if run[3] else None,
        )
        for run in found
        if run is not None
    )


def _is_other(before: str) -> bool:
    """Whether the last table of `before`, a text without long texts, is neither a run nor a line of the history."""
    at = before.rfind("\n[")
    return at >= 0 and not before.startswith((_RUNS[:-1], _HISTORY[:-1]), at)
