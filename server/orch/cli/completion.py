"""What the shell completes a session's name to."""

from orch.cli.work import opened
from orch.commands.session_files import heads
from orch.storage.port import StorageError


def complete_session(incomplete: str) -> list[tuple[str, str]]:
    """The sessions whose id begins with `incomplete`, the open ones first, each with its title."""
    try:
        with opened(None) as project:
            found = [head.session for head in heads(project)] if project else []
    except StorageError:
        return []
    found.sort(key=lambda session: not session.is_open)
    return [(session.short_id, session.title) for session in found if session.id.startswith(incomplete)]
