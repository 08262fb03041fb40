"""Writers that are killed at any moment, and writers that work at the same time."""

import itertools
import multiprocessing
import os
import random
import signal
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from orch.storage.disk import DiskStorage
from orch.storage.port import StorageError

KILLS = 300
PROCESSES = multiprocessing.get_context("fork")


def versioned(number: int) -> str:
    """A text that shows at once whether it is whole: every line is the same, and the last one says so."""
    return f"{number}\n" * (200 + number % 700) + f"end {number}\n"


def is_whole(text: str) -> bool:
    first = text.split("\n", 1)[0]
    return text == versioned(int(first))


def write_on_and_on(path: Path, number: int, started: Connection) -> None:
    disk = DiskStorage(path.parent)
    text = disk.read(path)
    for after in map(versioned, itertools.count(number + 1)):
        disk.write(path, after, replaces=text)
        if text == versioned(number):
            started.send(number)
        text = after


def test_a_writer_killed_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "a.orch"
    path.write_text(versioned(0))
    chance = random.Random(20261121)
    seen = set()
    for _ in range(KILLS):
        here, there = PROCESSES.Pipe()
        number = int((path.read_text()).split("\n", 1)[0])
        writer = PROCESSES.Process(target=write_on_and_on, args=(path, number, there), daemon=True)
        writer.start()
        here.recv()
        time.sleep(chance.random() * 0.01)
        assert writer.pid
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        text = path.read_text()
        assert is_whole(text)
        seen.add(text.split("\n", 1)[0])
        here.close()
        there.close()
    # every kill hit a writer at work, and what they left behind is nothing but temporary files
    assert len(seen) == KILLS
    left = {entry.name for entry in tmp_path.iterdir()} - {"a.orch"}
    assert all(name.startswith(".orch-") and name.endswith(".tmp") for name in left)


def add_lines(root: Path, worker: int, count: int) -> None:
    disk = DiskStorage(root)
    path = root / ".orch/log"
    for number in range(count):
        with disk.lock(root):
            text = disk.read(path)
            disk.write(path, f"{text or ''}{worker} {number}\n", replaces=text)


def test_two_processes_and_two_threads_lose_nothing(tmp_path: Path) -> None:
    count = 60
    processes = [PROCESSES.Process(target=add_lines, args=(tmp_path, worker, count)) for worker in (0, 1)]
    for process in processes:
        process.start()
    threads = [threading.Thread(target=add_lines, args=(tmp_path, worker, count)) for worker in (2, 3)]
    for thread in threads:
        thread.start()
    for other in (*processes, *threads):
        other.join()
    lines = (tmp_path / ".orch/log").read_text().splitlines()
    assert sorted(lines) == sorted(f"{worker} {number}" for worker in range(4) for number in range(count))


def lock_for_nothing(root: Path, worker: int, count: int) -> None:
    disk = DiskStorage(root)
    for _ in range(count):
        with disk.lock(root):
            path = root / ".orch" / "in use"
            # a second holder would write its own number here, or find the file gone
            path.write_text(str(worker), "utf-8")
            assert path.read_text("utf-8") == str(worker)
            path.unlink()


def test_a_folder_that_comes_and_goes_still_locks(tmp_path: Path) -> None:
    processes = [PROCESSES.Process(target=lock_for_nothing, args=(tmp_path, worker, 100)) for worker in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert list(tmp_path.iterdir()) in ([], [tmp_path / ".orch"])


def test_waiting_for_the_lock_ends_with_a_sentence(tmp_path: Path) -> None:
    disk = DiskStorage(tmp_path, wait=0.05)
    with (
        disk.lock(tmp_path),
        pytest.raises(StorageError, match=r"has been held by another program for 0\.05 seconds; try again\.$"),
        disk.lock(tmp_path),
    ):
        pass
    with disk.lock(tmp_path):
        pass


def hold_for_ever(root: Path, holding: Connection) -> None:
    with DiskStorage(root).lock(root):
        holding.send(True)
        signal.pause()


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    here, there = PROCESSES.Pipe()
    holder = PROCESSES.Process(target=hold_for_ever, args=(tmp_path, there), daemon=True)
    holder.start()
    here.recv()
    assert holder.pid
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()
    with DiskStorage(tmp_path, wait=1).lock(tmp_path):
        pass
    here.close()
    there.close()


def test_a_lock_file_that_is_removed_meanwhile_locks_all_the_same(tmp_path: Path) -> None:
    disk = DiskStorage(tmp_path, wait=0.05)
    with disk.lock(tmp_path):
        (tmp_path / ".orch/.lock").unlink()
        with disk.lock(tmp_path), pytest.raises(StorageError), disk.lock(tmp_path):
            pass


def test_a_lock_file_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / ".orch").mkdir()
    (tmp_path / ".orch/.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="symbolic link"), DiskStorage(tmp_path).lock(tmp_path):
        pass
    assert not (tmp_path / "elsewhere").exists()
