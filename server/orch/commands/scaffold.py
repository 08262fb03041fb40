"""The files that make a folder a project of Orch's: what git ignores and how it treats the rest."""

from orch.commands.outcome import FileWrite
from orch.commands.project import Project

GITIGNORE = """\
# Made by Orch. Answers that found no session, and the lock, are this machine's own.
unfiled/
.lock
"""

GITATTRIBUTES = """\
# Made by Orch. One line end everywhere; what the program alone writes is folded away in reviews.
* text eol=lf
versions/** linguist-generated
kept/** linguist-generated
"""


def scaffold(project: Project) -> tuple[FileWrite, ...]:
    """The writes that a new `.orch` folder needs; none where the files are there already."""
    files = {".gitignore": GITIGNORE, ".gitattributes": GITATTRIBUTES}
    return tuple(
        FileWrite(project.folder / name, text)
        for name, text in files.items()
        if project.storage.stamp(project.folder / name) is None
    )
