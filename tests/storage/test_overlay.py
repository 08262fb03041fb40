"""Open text before the disk, and nothing of it left once it is closed."""

import threading
from pathlib import Path

import pytest

from orch.storage.disk import DiskStorage
from orch.storage.memory import MemoryStorage
from orch.storage.overlay import OverlayStorage
from orch.storage.port import Storage, StorageError

FOLDER = Path("/shop/.orch/sessions")


def test_every_store_fulfils_the_port(tmp_path: Path) -> None:
    stores: list[Storage] = [DiskStorage(tmp_path), MemoryStorage(), OverlayStorage(MemoryStorage())]
    for store in stores:
        path = tmp_path / ".orch/sessions/a.orch"
        assert store.read(path) is None
        store.write(path, "äöü", replaces=None)
        assert (store.read(path), store.head(path, 3), store.tail(path, 3)) == ("äöü", "ä", "ü")
        stamp = store.stamp(path)
        store.write(path, "äöu", replaces="äöü")
        assert store.stamp(path) != stamp
        assert store.list(tmp_path / ".orch", ".orch") == []
        assert store.list(tmp_path / ".orch", ".orch", deep=True) == [path]
        with pytest.raises(StorageError):
            store.write(path, "new", replaces="something else")
        with store.lock(tmp_path):
            assert store.read(path) == "äöu"
            store.remove(path, "äöü")
            assert store.read(path) == "äöu"
            store.remove(path, "äöu")
            assert store.read(path) is None
            store.remove(path, "äöu")


def test_what_is_open_is_not_removed() -> None:
    path = FOLDER / "a.orch"
    base = MemoryStorage({path: "text"})
    overlay = OverlayStorage(base)
    overlay.open(path, "text")
    overlay.remove(path, "text")
    assert base.files == {path: "text"}


def test_open_text_is_preferred_until_it_is_closed() -> None:
    path = FOLDER / "a.orch"
    overlay = OverlayStorage(MemoryStorage({path: "on disk"}))
    before = overlay.stamp(path)
    overlay.open(path, "töxt")
    assert overlay.is_open(path)
    assert (overlay.read(path), overlay.head(path, 2), overlay.tail(path, 2)) == ("töxt", "t", "xt")
    first = overlay.stamp(path)
    overlay.open(path, "text")
    assert len({before, first, overlay.stamp(path)}) == 3
    overlay.close(path)
    overlay.close(path)
    assert not overlay.is_open(path)
    assert overlay.read(path) == "on disk"
    assert overlay.stamp(path) == before


def test_a_document_that_was_never_saved_is_listed() -> None:
    overlay = OverlayStorage(MemoryStorage({FOLDER / "b.orch": ""}))
    overlay.open(FOLDER / "a.orch", "")
    overlay.open(FOLDER / "b.orch", "")
    overlay.open(FOLDER / "c.txt", "")
    overlay.open(FOLDER / "deep/d.orch", "")
    assert overlay.list(FOLDER, ".orch") == [FOLDER / "a.orch", FOLDER / "b.orch"]
    assert overlay.list(FOLDER, ".orch", deep=True)[2:] == [FOLDER / "deep/d.orch"]


def test_a_write_from_unsaved_text_is_refused() -> None:
    path = FOLDER / "a.orch"
    base = MemoryStorage({path: "saved"})
    overlay = OverlayStorage(base)
    overlay.open(path, "not saved")
    with pytest.raises(StorageError):
        overlay.write(path, "new", replaces="not saved")
    assert base.read(path) == "saved"


def test_a_file_has_one_overlay_under_all_its_paths(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.orch").write_text("on disk")
    (tmp_path / "way").symlink_to(tmp_path / "real")
    (tmp_path / "real/b.orch").symlink_to("a.orch")
    overlay = OverlayStorage(DiskStorage(tmp_path))
    overlay.open(tmp_path / "way/b.orch", "open")
    for path in ("real/a.orch", "way/a.orch", "real/b.orch", "real/../way/b.orch"):
        assert overlay.read(tmp_path / path) == "open"
    overlay.close(tmp_path / "real/a.orch")
    assert overlay.read(tmp_path / "way/b.orch") == "on disk"


def test_the_lock_in_memory_holds_between_threads() -> None:
    store = MemoryStorage({FOLDER / "n": "0"})

    def count() -> None:
        for _ in range(200):
            with store.lock(FOLDER):
                text = store.read(FOLDER / "n")
                assert text is not None
                store.write(FOLDER / "n", str(int(text) + 1), replaces=text)

    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.read(FOLDER / "n") == "600"
