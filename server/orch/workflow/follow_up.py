"""The follow-up that asks a model for the parts that its planning answer lacked."""

from collections.abc import Sequence

_NAMES = {"analysis": "ANALYSIS TEMPLATE", "implementation": "IMPLEMENTATION TEMPLATE", "notes": "EXECUTION NOTES"}
_TAGS = {"analysis": "analysis_template", "implementation": "implementation_template", "notes": "execution_notes"}


def follow_up(short_id: str, lacks: Sequence[str]) -> str:
    """The prompt that asks for the parts in `lacks` alone (`analysis`, `implementation`, `notes`).

    It asks for the form that extraction reads best: the session's line first, then each part between its tags.
    """
    names = " and ".join(_NAMES[name] for name in lacks)
    parts = "part" if len(lacks) == 1 else "parts"
    form = "\n\n".join(f"<{_TAGS[name]}>\n...\n</{_TAGS[name]}>" for name in lacks)
    return (
        f"Your planning answer lacks the {parts} {names}.\n\n"
        f"Send only the missing {parts}, complete, with nothing before or after, in exactly this form, each tag "
        f"alone on its line:\n\n"
        f"Orch-Session: {short_id}\n\n{form}\n"
    )
