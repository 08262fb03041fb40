"""The worker process: reads jobs from standard input, renders them, writes the replies to standard output.

Started by `worker_renderer.py` as a script, isolated (`python -I -S`), with the folders to import from as its
argument. A message is its length (4 bytes, big-endian) and then JSON in UTF-8. It ends when its input ends, and
kills itself a while after the deadline if nobody else did.
"""

import faulthandler
import json
import os
import random
import signal
import struct
import sys
from typing import IO, Any

OUTPUT_LIMIT = 4 * 1024 * 1024
"""Bytes of UTF-8 that a prompt may have."""

MEMORY_LIMIT = 256 * 1024 * 1024
"""Bytes that a job may take on top of what the process needs itself, where the system can limit it."""


def main() -> None:
    """Serves jobs until standard input ends."""
    options = json.loads(sys.argv[1])
    sys.path[:0] = options["path"]
    requests, replies = _take_streams()
    limit_resources()
    write_message(replies, {"ready": True})
    while (job := read_message(requests)) is not None:
        # the parent kills a late worker; this is for the parent that died meanwhile, and needs no GIL
        faulthandler.dump_traceback_later(options["deadline"] + 1, exit=True, file=sys.stderr)
        reply = render(job)
        faulthandler.cancel_dump_traceback_later()
        write_message(replies, reply)
        if reply.get("last"):
            return


def render(job: dict[str, Any]) -> dict[str, Any]:
    """The reply to a job (see `RenderJob`): `text`, or what `failure` tells. `last` when the process is spent."""
    from orch.render.failures import failure
    from orch.render.sandbox import CompiledTemplates, PromptEnvironment, as_record

    # the same template and variables give the same text, whatever `random` and `lipsum` do
    random.seed(0)
    extensions = tuple(job["extensions"])
    try:
        loader = CompiledTemplates(job["templates"], extensions)
        environment = PromptEnvironment(extensions, loader, job["routes"], job["names"])
        variables = {name: as_record(value, name) for name, value in job["variables"].items()}
        return _collect(environment.get_template(job["entry"]), variables)
    except Exception as error:
        reply = failure(error, job["entry"], job["variables"])
        reply["last"] = isinstance(error, MemoryError)
        return reply


def _collect(template: Any, variables: dict[str, Any]) -> dict[str, Any]:
    pieces: list[str] = []
    size = 0
    for piece in template.root_render_func(template.new_context(variables)):
        size += len(piece)
        pieces.append(piece)
        if size > OUTPUT_LIMIT:
            break
    text = "".join(pieces)
    if size > OUTPUT_LIMIT or len(text.encode("utf-8", "surrogatepass")) > OUTPUT_LIMIT:
        sentence = f"The prompt that {template.name} makes is longer than {OUTPUT_LIMIT // 2**20} MiB."
        return {"sentence": sentence, "template": template.name, "line": None, "undefined": None}
    return {"text": text}


def limit_resources() -> None:
    """Imports what a job needs, then limits this process for good: memory, and no file may be written."""
    import jinja2.debug
    import jinja2.ext  # noqa: F401

    import orch.render.failures  # noqa: F401

    try:
        import resource
    except ImportError:  # Windows has none; there the deadline alone must do
        return
    for what, size in (
        (resource.RLIMIT_AS, _address_space() + MEMORY_LIMIT),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (size, size))
        except (ValueError, OSError):
            pass  # the system knows no such limit, or has a lower one already


def _address_space() -> int:
    """Bytes of address space that the process has now; a generous guess where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - pathlib is not needed here otherwise
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 1024 * 1024 * 1024


def _take_streams() -> tuple[IO[bytes], IO[bytes]]:
    """The two pipes to the parent, out of reach of anything that prints."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which then ends our input
    streams = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w")
    return streams


def read_message(stream: IO[bytes]) -> Any:
    """The next message, None at the end of the stream."""
    head = _read(stream, 4)
    if head is None:
        return None
    body = _read(stream, struct.unpack(">I", head)[0])
    return None if body is None else json.loads(body.decode("utf-8", "surrogatepass"))


def write_message(stream: IO[bytes], message: Any) -> None:
    """Sends a message."""
    body = json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")
    stream.write(struct.pack(">I", len(body)) + body)
    stream.flush()


def _read(stream: IO[bytes], size: int) -> bytes | None:
    data = stream.read(size)
    return data if len(data) == size else None


if __name__ == "__main__":
    main()
