"""What a project keeps of answers that found no session."""

from pathlib import Path


def unfiled(root: Path) -> list[str]:
    """The texts under `.orch/unfiled/`, sorted; what is still being written may end within a character."""
    return sorted(path.read_text("utf-8", errors="replace") for path in (root / ".orch" / "unfiled").glob("*.md"))
