"""A program to be a runner in tests: it does with its prompt what its first argument says.

Run as a script. Whatever it writes is bytes, so that half a character is one too.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from support.fake_model import reply


def _write(data: bytes) -> None:
    os.write(1, data)


def _answer(prompt: bytes) -> None:
    _write(reply(prompt.decode()).encode())


def _by_bytes(prompt: bytes) -> None:
    for number in reply(prompt.decode()).encode():
        _write(bytes([number]))


def _by_halves(_: bytes) -> None:
    """Every byte is seen by itself."""
    for number in "café \u2028 🦉".encode():
        _write(bytes([number]))
        time.sleep(0.02)


def _slowly(prompt: bytes) -> None:
    data = reply(prompt.decode()).encode()
    for start in range(0, len(data), 40):
        _write(data[start : start + 40])
        time.sleep(0.02)


def _when_told(prompt: bytes) -> None:
    data = reply(prompt.decode()).encode()
    _write(data[:40])
    while not Path("go").exists():
        time.sleep(0.01)
    _write(data[40:])


def _nothing(_: bytes) -> None:
    return


def _flood(_: bytes) -> None:
    for _number in range(50):
        os.write(1, b"a" * 2**20)


def _for_ever(_: bytes) -> None:
    _write("Thinking \u2026 ä".encode())
    while True:
        time.sleep(1)


def _stubborn(_: bytes) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # a process of its own in the same group, as command lines of models have them
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    _write(f"{os.getpid()} {child.pid}\n".encode())
    time.sleep(600)


def _leaves_a_child(prompt: bytes) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    _write(f"{child.pid}\n".encode())
    _answer(prompt)


def _fails(prompt: bytes) -> None:
    _answer(prompt[:0])
    sys.exit("\x1b[31mno key:\x1b[0m\n  log in first")


def _killed(_: bytes) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _echo(prompt: bytes) -> None:
    _write(prompt)


def _garbage(_: bytes) -> None:
    _write(b"caf\xc3\xa9 \xff\xfe\x80 end \xe2\x82")


def _witnessed(prompt: bytes) -> None:
    """Says who it is in `pids`, answers piece by piece, and says in `finished` once Orch has heard all of it."""
    child = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"])
    me = str(os.getpid())
    Path("pids", me).write_text(f"{me} {child.pid}")
    data = reply(prompt.decode()).encode() + f"\nThis is the answer of {me}.\n".encode()
    for start in range(0, len(data), 100):
        _write(data[start : start + 100])
        time.sleep(0.03)
    while not any(path.read_bytes() == data for path in Path(".orch/unfiled").glob("*.md")):
        time.sleep(0.005)
    Path("finished", me).touch()


def _where(_: bytes) -> None:
    _write(str(Path.cwd()).encode())


BEHAVIOURS: dict[str, Callable[[bytes], None]] = {
    "answer": _answer,
    "by-bytes": _by_bytes,
    "by-halves": _by_halves,
    "slowly": _slowly,
    "when-told": _when_told,
    "nothing": _nothing,
    "flood": _flood,
    "for-ever": _for_ever,
    "stubborn": _stubborn,
    "leaves-a-child": _leaves_a_child,
    "fails": _fails,
    "killed": _killed,
    "echo": _echo,
    "garbage": _garbage,
    "witnessed": _witnessed,
    "where": _where,
}


if __name__ == "__main__":
    if sys.argv[1] == "deaf":
        sys.exit("it does not listen")
    BEHAVIOURS[sys.argv[1]](sys.stdin.buffer.read())
