"""The store on disk: whole files, exact texts, one plain sentence for whatever goes wrong."""

import errno
import os
import resource
import signal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch.storage import atomic
from orch.storage.disk import DiskStorage
from orch.storage.port import StorageError
from orch.storage.sentences import READ_LIMIT
from orch.storage.texts import decode_head, decode_tail, encode


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    return folder


@pytest.fixture
def disk(root: Path) -> DiskStorage:
    return DiskStorage(root)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_written_is_read_again(disk: DiskStorage, root: Path) -> None:
    path = root / ".orch/sessions/a.orch"
    text = "\ufeffone\r\ntwo\u2028\n\n'''\"\"\"\t\x7f🦊"
    disk.write(path, text, replaces=None)
    assert disk.read(path) == text
    disk.write(path, "", replaces=text)
    assert disk.read(path) == ""
    assert path.read_bytes() == b""


def test_a_missing_file_is_none(disk: DiskStorage, root: Path) -> None:
    for path in (root / "none", root / "none/deeper", root / ".orch/sessions/x.orch"):
        assert disk.read(path) is None
        assert disk.head(path, 10) is None
        assert disk.tail(path, 10) is None
        assert disk.stamp(path) is None


def test_only_the_file_itself_is_removed_and_only_inside(disk: DiskStorage, root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("text")
    (root / "real.md").write_text("text")
    (root / "link.md").symlink_to("real.md")
    (root / "out").symlink_to(tmp_path)
    disk.remove(root / "link.md", "text")
    for path in (outside, root / "out/outside.md", root / "../outside.md"):
        with pytest.raises(StorageError):
            disk.remove(path, "text")
    assert (names(root), outside.read_text()) == (["link.md", "out", "real.md"], "text")
    disk.remove(root / "real.md", "text")
    assert names(root) == ["link.md", "out"]


def test_a_lone_surrogate_becomes_the_replacement_character(disk: DiskStorage, root: Path) -> None:
    disk.write(root / "a", "x\ud800y", replaces=None)
    assert disk.read(root / "a") == "x\ufffdy"


@pytest.mark.parametrize(
    ("now", "replaces", "why"),
    [
        ("other", "old", "changed"),
        (None, "old", "removed"),
        ("other", None, "exists already"),
        ("old\r\n", "old\n", "changed"),
    ],
)
def test_a_change_from_outside_is_never_written_over(
    disk: DiskStorage, root: Path, now: str | None, replaces: str | None, why: str
) -> None:
    path = root / "a.orch"
    if now is not None:
        path.write_bytes(now.encode())
    with pytest.raises(StorageError, match=rf"^a\.orch .*{why}.*\.$"):
        disk.write(path, "new", replaces=replaces)
    assert disk.read(path) == now


def test_a_text_that_stands_there_already_is_fine(disk: DiskStorage, root: Path) -> None:
    disk.write(root / "kept.md", "same", replaces=None)
    before = disk.stamp(root / "kept.md")
    disk.write(root / "kept.md", "same", replaces=None)
    assert disk.stamp(root / "kept.md") == before


def test_a_file_made_at_the_last_moment_is_not_replaced(root: Path) -> None:
    (root / "a").write_text("theirs")
    with pytest.raises(FileExistsError):
        atomic.write_whole(root / "a", b"ours", new=True)
    assert names(root) == ["a"]
    assert (root / "a").read_text() == "theirs"


def test_without_hard_links_a_new_file_is_still_made(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise OSError(errno.ENOTSUP, "not supported")

    monkeypatch.setattr(os, "link", refuse)
    atomic.write_whole(root / "a", b"ours", new=True)
    assert (root / "a").read_bytes() == b"ours"
    with pytest.raises(FileExistsError):
        atomic.write_whole(root / "a", b"again", new=True)
    assert names(root) == ["a"]


def test_mode_is_kept_and_nothing_is_left_behind(disk: DiskStorage, root: Path) -> None:
    path = root / "a.orch"
    disk.write(path, "one", replaces=None)
    path.chmod(0o640)
    disk.write(path, "two", replaces="one")
    assert path.stat().st_mode & 0o777 == 0o640
    assert names(root) == ["a.orch"]


def test_a_new_file_follows_the_umask(disk: DiskStorage, root: Path) -> None:
    old = os.umask(0o027)
    try:
        disk.write(root / "a.orch", "one", replaces=None)
    finally:
        os.umask(old)
    assert (root / "a.orch").stat().st_mode & 0o777 == 0o640


def test_stamps_differ_after_every_change(disk: DiskStorage, root: Path) -> None:
    path = root / "a"
    disk.write(path, "0", replaces=None)
    stamps = [disk.stamp(path)]
    for number in range(1, 10):
        disk.write(path, str(number), replaces=str(number - 1))
        stamps.append(disk.stamp(path))
    assert len(set(stamps)) == len(stamps)


def test_making_orch_adds_what_git_needs(disk: DiskStorage, root: Path) -> None:
    disk.write(root / ".orch/sessions/a.orch", "x", replaces=None)
    ignore = (root / ".orch/.gitignore").read_text()
    attributes = (root / ".orch/.gitattributes").read_text()
    assert {"/unfiled/", "/.lock", ".orch-*.tmp"} <= set(ignore.splitlines())
    assert "* text eol=lf" in attributes.splitlines()
    assert "/versions/** linguist-generated -diff merge=union" in attributes.splitlines()
    assert "/kept/** linguist-generated -diff" in attributes.splitlines()


def test_an_orch_made_by_hand_gets_what_git_needs_with_the_first_lock(disk: DiskStorage, root: Path) -> None:
    (root / ".orch/templates").mkdir(parents=True)
    (root / ".orch/.gitignore").write_text("mine\n")
    with disk.lock(root):
        pass
    assert (root / ".orch/.gitignore").read_text() == "mine\n"
    assert (root / ".orch/.gitattributes").exists()


def test_a_folder_that_was_made_for_nothing_is_gone_again(disk: DiskStorage, root: Path) -> None:
    with disk.lock(root):
        assert (root / ".orch/.gitignore").exists()
    assert names(root) == []
    with disk.lock(root):
        disk.write(root / ".orch/unfiled/a.md", "x", replaces=None)
    with disk.lock(root):
        pass
    assert names(root / ".orch") == [".gitattributes", ".gitignore", ".lock", "unfiled"]


def test_what_a_team_removed_is_not_added_again(disk: DiskStorage, root: Path) -> None:
    with disk.lock(root):
        disk.write(root / ".orch/b", "x", replaces=None)
        (root / ".orch/.gitattributes").unlink()
    with disk.lock(root):
        disk.write(root / ".orch/a", "x", replaces=None)
    assert not (root / ".orch/.gitattributes").exists()


def test_list(disk: DiskStorage, root: Path) -> None:
    for name in ("b.orch", "a.orch", "c.txt", "deep/d.orch", "deep/e/f.orch", ".hidden.orch"):
        path = root / "s" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (root / "s/folder.orch").mkdir()
    flat = [path.relative_to(root / "s").as_posix() for path in disk.list(root / "s", ".orch")]
    deep = [path.relative_to(root / "s").as_posix() for path in disk.list(root / "s", ".orch", deep=True)]
    assert flat == ["a.orch", "b.orch"]
    assert deep == ["a.orch", "b.orch", "deep/d.orch", "deep/e/f.orch"]
    assert disk.list(root / "none", ".orch") == []
    assert disk.list(root / "s/a.orch", ".orch") == []


def test_list_passes_over_links_that_lead_out(disk: DiskStorage, root: Path, tmp_path: Path) -> None:
    folder = root / "s"
    folder.mkdir()
    (folder / "a.orch").touch()
    (tmp_path / "secret.orch").touch()
    (folder / "out.orch").symlink_to(tmp_path / "secret.orch")
    (folder / "in.orch").symlink_to("a.orch")
    (folder / "dangling.orch").symlink_to("none")
    (folder / "circle").symlink_to(folder)
    (root / "elsewhere").symlink_to(tmp_path)
    assert [path.name for path in disk.list(folder, ".orch", deep=True)] == ["a.orch", "in.orch"]
    assert disk.list(root / "elsewhere", ".orch") == []


def test_linked_files_are_listed_where_they_can_be_read(disk: DiskStorage, root: Path, tmp_path: Path) -> None:
    kept = {root: root / "kept", tmp_path / "config": tmp_path / "dotfiles"}
    for at, real in kept.items():
        (at / "templates").mkdir(parents=True)
        real.mkdir()
        (real / "a.j2").write_text("a")
        link = at / "templates/a.j2"
        link.symlink_to(real / "a.j2")
        assert disk.read(link) == "a"
        assert disk.list(at / "templates", ".j2") == [link]
        assert list(disk.stamps(at / "templates", ".j2")) == ["a.j2"]


def test_a_link_inside_is_written_through(disk: DiskStorage, root: Path) -> None:
    (root / "real").mkdir()
    (root / "real/a.orch").write_text("old")
    (root / "link.orch").symlink_to("real/a.orch")
    disk.write(root / "link.orch", "new", replaces="old")
    assert (root / "link.orch").is_symlink()
    assert (root / "real/a.orch").read_text() == "new"


@pytest.mark.parametrize("known", [False, True])
def test_a_link_that_leads_out_is_refused(disk: DiskStorage, root: Path, tmp_path: Path, known: bool) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("old")
    (root / "f").mkdir()
    (root / "f/ok").write_text("")
    if known:
        assert disk.stamp(root / "f/ok")
    (root / "f/link.orch").symlink_to(outside)
    (root / "way").symlink_to(tmp_path)
    for path in (root / "f/link.orch", root / "way/secret.txt", root / "way/new"):
        for act in (disk.read, disk.stamp, lambda path: disk.write(path, "new", replaces="old")):
            with pytest.raises(StorageError, match=r"leads out of the project through a symbolic link\.$"):
                act(path)
    assert outside.read_text() == "old"
    assert not (tmp_path / "new").exists()


def test_a_folder_that_became_a_link_is_noticed(disk: DiskStorage, root: Path, tmp_path: Path) -> None:
    (root / "f").mkdir()
    (root / "f/a").write_text("x")
    assert disk.read(root / "f/a") == "x"
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a").write_text("secret")
    (root / "f/a").unlink()
    (root / "f").rmdir()
    (root / "f").symlink_to(tmp_path / "out")
    with pytest.raises(StorageError, match="leads out"):
        disk.read(root / "f/a")


def test_nothing_is_written_outside_the_project(disk: DiskStorage, root: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "x", root / "../x", root / ".orch/../../x"):
        with pytest.raises(StorageError, match="lies outside the project"):
            disk.write(path, "x", replaces=None)
    assert not (tmp_path / "x").exists()


def test_the_users_own_layer_is_written(root: Path, tmp_path: Path) -> None:
    DiskStorage(root, tmp_path / "config").write(tmp_path / "config/templates/a", "x", replaces=None)
    assert (tmp_path / "config/templates/a").read_text() == "x"


def test_a_project_reached_through_a_link_works(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    disk = DiskStorage(tmp_path / "link")
    disk.write(tmp_path / "link/.orch/a", "x", replaces=None)
    disk.write(root / ".orch/b", "y", replaces=None)
    assert (root / ".orch/.gitignore").exists()
    assert [path.name for path in disk.list(tmp_path / "link/.orch", "")] == ["a", "b"]


def test_a_missing_project_is_not_made_again(disk: DiskStorage, root: Path) -> None:
    root.rmdir()
    with pytest.raises(StorageError, match=r"^The project's folder .* does not exist\.$"):
        disk.write(root / ".orch/a", "x", replaces=None)
    with pytest.raises(StorageError, match=r"does not exist\.$"), disk.lock(root):
        pass
    assert not root.exists()


def test_sentences_for_what_is_no_text(disk: DiskStorage, root: Path) -> None:
    (root / "folder").mkdir()
    (root / "binary").write_bytes(b"\x00\xff\xfe")
    (root / "file").write_text("")
    os.mkfifo(root / "pipe")
    with (root / "large").open("wb") as file:
        file.truncate(READ_LIMIT + 1)
    cases = {
        "folder": "folder cannot be read: it is a folder, not a file.",
        "binary": "binary is not a text file in UTF-8.",
        "pipe": "pipe cannot be read: it is not an ordinary file.",
        "large": "large cannot be read: it is larger than 16 MiB.",
        "x" * 300: f"{'x' * 300} cannot be read: its name is too long for the disk.",
        "a\0b": "a\0b cannot be read: its name holds characters that a file name cannot have.",
    }
    for name, sentence in cases.items():
        with pytest.raises(StorageError) as caught:
            disk.read(root / name)
        assert str(caught.value) == sentence
    with pytest.raises(StorageError, match=r"^file/below cannot be written: a part of its path is a file"):
        disk.write(root / "file/below", "x", replaces=None)
    with pytest.raises(StorageError, match="larger than 16 MiB"):
        disk.write(root / "new", "x" * (READ_LIMIT + 1), replaces=None)
    assert not (root / "new").exists()


def test_a_file_marked_as_read_only_stays_as_it_is(disk: DiskStorage, root: Path) -> None:
    (root / "a").write_text("old")
    (root / "a").chmod(0o444)
    with pytest.raises(StorageError, match=r"^a cannot be written: it is marked as read-only\.$"):
        disk.write(root / "a", "new", replaces="old")
    assert (root / "a").read_text() == "old"


@pytest.mark.parametrize(
    ("call", "number", "words"),
    [
        ("write", errno.ENOSPC, "the disk is full"),
        ("fsync", errno.ENOSPC, "the disk is full"),
        ("fsync", errno.EIO, "the disk reports a fault"),
        ("open", errno.EACCES, "there is no permission"),
        ("open", errno.EROFS, "the disk is read-only"),
        ("link", errno.EROFS, None),
    ],
)
def test_a_write_that_fails_leaves_the_old_file(
    disk: DiskStorage, root: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, words: str | None
) -> None:
    (root / "a").write_text("old")
    real = getattr(os, call)

    def fail(*args: object, **more: object) -> object:
        if call == "open" and not int(str(args[1])) & os.O_CREAT:
            return real(*args, **more)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, call, fail)
    if words is None:
        disk.write(root / "b", "new", replaces=None)
        return
    with pytest.raises(StorageError, match=f"^a cannot be written: {words}"):
        disk.write(root / "a", "new", replaces="old")
    monkeypatch.undo()
    assert names(root) == ["a"]
    assert (root / "a").read_text() == "old"


def test_a_real_write_beyond_the_systems_limit_leaves_the_old_file(disk: DiskStorage, root: Path) -> None:
    (root / "a").write_text("old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(StorageError, match="larger than the system allows"):
            disk.write(root / "a", "new" * 100_000, replaces="old")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert names(root) == ["a"]
    assert (root / "a").read_text() == "old"


def test_what_killed_writers_left_is_swept_after_an_hour(root: Path) -> None:
    (root / ".orch-00.tmp").write_text("old")
    os.utime(root / ".orch-00.tmp", (1, 1))
    (root / ".orch-11.tmp").write_text("a moment ago")
    (root / "mine.tmp").write_text("")
    os.utime(root / "mine.tmp", (1, 1))
    DiskStorage(root).write(root / "a", "x", replaces=None)
    assert names(root) == [".orch-11.tmp", "a", "mine.tmp"]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 40))
def test_head_and_tail_cut_at_whole_characters(text: str, size: int) -> None:
    data = encode(text)
    head, tail = decode_head(data[:size]), decode_tail(data[max(0, len(data) - size) :])
    assert text.startswith(head)
    assert text.endswith(tail)
    assert min(size, len(data)) - len(encode(head)) < 4
    assert min(size, len(data)) - len(encode(tail)) < 4


def test_head_and_tail_of_a_file(disk: DiskStorage, root: Path) -> None:
    (root / "a").write_text("äöü")
    assert disk.head(root / "a", 3) == "ä"
    assert disk.tail(root / "a", 3) == "ü"
    assert disk.head(root / "a", 99) == disk.tail(root / "a", 99) == "äöü"
    (root / "b").write_bytes(b"a\xffb")
    with pytest.raises(StorageError, match="not a text file"):
        disk.head(root / "b", 3)


def test_both_ends_of_a_file_in_one_look(tmp_path: Path) -> None:
    path = tmp_path / "a.orch"
    storage = DiskStorage(tmp_path)
    assert storage.ends(path, 4, 4) is None
    for text, head, tail in (
        ("", "", ""),
        ("abc", "abc", "abc"),
        ("abcdef", "abcd", "cdef"),
        ("aé" * 4, "aéa", "éaé"[1:]),
    ):
        path.write_text(text, "utf-8")
        assert storage.ends(path, 4, 4) == (storage.head(path, 4), storage.tail(path, 4)) == (head, tail)


def test_stamps_of_a_folder(tmp_path: Path) -> None:
    storage = DiskStorage(tmp_path)
    assert storage.stamps(tmp_path / "none", ".orch") == {}
    for name in ("b.orch", "a.orch", ".hidden.orch", "c.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / "folder.orch").mkdir()
    (tmp_path / "out.orch").symlink_to(__file__)
    before = storage.stamps(tmp_path, ".orch")
    assert sorted(before) == ["a.orch", "b.orch"]
    (tmp_path / "a.orch").write_text("more")
    after = storage.stamps(tmp_path, ".orch")
    assert after["a.orch"] != before["a.orch"]
    assert after["b.orch"] == before["b.orch"]
