"""The files of other branches, read from git's own store: nothing is checked out."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orch.storage.git import ask_git

_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class BranchFile:
    """A file as one branch has it, or several that have the same: its path from the root and its text."""

    path: str
    text: str


def branch_files(root: Path, folder: str, suffix: str) -> tuple[int, list[BranchFile]] | None:
    """The number of branches, and every different text that a file below `folder` has on one of them.

    Branches are those of this repository and those last fetched from others. `folder` counts from `root`, with `/`.
    Texts that are not UTF-8 are passed over. None where git cannot say.
    """
    refs = ask_git(root, "for-each-ref", "--format=%(objectname)%00%(symref)", "refs/heads", "refs/remotes")
    if refs is None:
        return None
    # origin/HEAD only points at another branch
    commits = [line.split(b"\0")[0].decode() for line in refs.splitlines() if line.endswith(b"\0")]
    blobs: dict[str, str] = {}
    for commit in dict.fromkeys(commits):
        listed = ask_git(root, "ls-tree", "-r", "-z", commit, "--", folder, seconds=_SECONDS)
        blobs |= dict(_blobs(listed or b"", suffix))
    texts = ask_git(root, "cat-file", "--batch", given="".join(f"{b}\n" for b in blobs).encode(), seconds=_SECONDS)
    if texts is None:
        return None
    return len(commits), [BranchFile(blobs[name], text) for name, text in _texts(texts)]


def _blobs(listed: bytes, suffix: str) -> Iterator[tuple[str, str]]:
    """(object, path) of the ordinary files in what `ls-tree -z` gives: `mode type object<TAB>path`."""
    for entry in listed.split(b"\0"):
        about, tab, path = entry.partition(b"\t")
        fields = about.split()
        if tab and len(fields) == 3 and fields[0].startswith(b"100") and path.endswith(suffix.encode()):
            yield fields[2].decode(), path.decode("utf-8", "replace")


def _texts(batch: bytes) -> Iterator[tuple[str, str]]:
    """(object, text) of what `cat-file --batch` gives: `object blob size`, a line end, the bytes, a line end."""
    at = 0
    while at < len(batch):
        end = batch.index(b"\n", at)
        fields = batch[at:end].split()
        at = end + 1
        if len(fields) == 3 and fields[1] == b"blob":
            size = int(fields[2])
            data = batch[at : at + size]
            at += size + 1
            try:
                yield fields[0].decode(), data.decode("utf-8")
            except UnicodeDecodeError:
                continue
