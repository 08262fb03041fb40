"""A text that arrived is never lost: under `.orch/unfiled/`, or at the very least on standard output."""

from orch.cli import terminal
from orch.cli.intake import Lost
from orch.commands.outcome import Refusal
from orch.commands.project import Project
from orch.commands.session_files import relative
from orch.storage.disk import DiskStorage
from orch.storage.given import decode_given
from orch.storage.port import StorageError
from orch.storage.texts import encode


def keep_text(project: Project, refused: Refusal, text: str, again: str) -> Refusal:
    """`refused` with `text` kept, and the command `again` that would file it.

    For what has not kept it already: a full disk, a file that changed meanwhile, a lock that nobody lets go.
    """
    name = _keep(project, encode(text), "md")
    if name:
        how = f"; to file it: {again} {name}" if again else "."
        return Refusal(f"{refused.in_terminal} The text is kept in {name}{how}", (), refused.candidates)
    terminal.write_text(text)
    sentence = f"{refused.in_terminal} It could not be kept either, so it stands on standard output."
    return Refusal(sentence, (), refused.candidates)


def keep_bytes(project: Project, lost: Lost) -> Refusal:
    """Keeps bytes that are no text, or a text that is too large, and says where."""
    name = _keep(project, lost.data, "bin" if decode_given(lost.data) is None else "md")
    if name:
        return Refusal(f"{lost.sentence} It is kept, byte for byte, in {name}.")
    terminal.write_bytes(lost.data)
    return Refusal(f"{lost.sentence} It could not be kept, so it stands on standard output.")


def _keep(project: Project, data: bytes, kind: str) -> str | None:
    """The name of the file that holds `data` now; None where nothing can be written."""
    disk = project.storage
    assert isinstance(disk, DiskStorage)
    folder = project.folder / "unfiled"
    stem = f"{project.clock():%Y%m%d-%H%M%S}"
    number = 1
    try:
        path = folder / f"{stem}.{kind}"
        while disk.stamp(path) is not None:
            number += 1
            path = folder / f"{stem}-{number}.{kind}"
        disk.write_bytes(path, data, replaces=None)
    except StorageError:
        return None
    return relative(project, path)
