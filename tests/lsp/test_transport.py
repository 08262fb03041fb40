"""Cutting a stream into messages, and handing them over one by one."""

import asyncio
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orch.lsp.transport import MAX_HEADER, Frames, FramingError, Inbox, Writer


def framed(bodies: list[bytes]) -> bytes:
    return b"".join(b"Content-Length: %d\r\n\r\n" % len(body) + body for body in bodies)


@given(st.lists(st.binary(max_size=40), max_size=8), st.lists(st.integers(1, 30), max_size=40))
def test_messages_come_out_however_the_stream_is_cut(bodies: list[bytes], cuts: list[int]) -> None:
    stream = framed(bodies)
    frames = Frames()
    found: list[bytes] = []
    for size in cuts:
        found += frames.feed(stream[:size])
        stream = stream[size:]
    found += frames.feed(stream)
    assert found == bodies


def test_other_headers_and_letter_case() -> None:
    stream = b"content-type: application/vscode-jsonrpc; charset=utf-8\r\nCONTENT-LENGTH:  2 \r\n\r\n{}"
    assert Frames().feed(stream) == [b"{}"]


@pytest.mark.parametrize("stream", [b"hello\r\n\r\n", b"Content-Length: x\r\n\r\n", b"x" * (MAX_HEADER + 1)])
def test_what_is_no_message_is_an_error(stream: bytes) -> None:
    with pytest.raises(FramingError):
        Frames().feed(stream)


@pytest.mark.asyncio
async def test_a_turn_of_the_loop_lies_between_two_messages() -> None:
    order: list[str] = []
    loop = asyncio.get_running_loop()
    done = asyncio.Event()

    def handle(body: bytes) -> None:
        order.append(f"handle {body.decode()}")
        loop.call_soon(order.append, f"after {body.decode()}")

    def ended() -> None:
        order.append("ended")
        done.set()

    inbox = Inbox(loop, handle, lambda: order.append("idle"), ended)
    inbox.put([b"a", b"b"])
    inbox.put([b"c"])
    inbox.end()
    await done.wait()
    assert order == ["handle a", "after a", "handle b", "after b", "handle c", "after c", "idle", "ended"]


@pytest.mark.asyncio
async def test_a_message_that_breaks_its_handler_does_not_stop_the_next() -> None:
    seen: list[bytes] = []
    done = asyncio.Event()

    def handle(body: bytes) -> None:
        seen.append(body)
        if body == b"bad":
            raise RuntimeError("bad")

    loop = asyncio.get_running_loop()
    inbox = Inbox(loop, handle, done.set, done.set)
    with pytest.raises(RuntimeError, match="bad"):
        inbox.put([b"bad", b"good"])
    await done.wait()
    assert seen == [b"bad", b"good"]


def test_a_client_that_is_gone_is_no_error() -> None:
    read_fd, write_fd = os.pipe()
    writer = Writer(write_fd)
    writer.write(b"here")
    assert os.read(read_fd, 10) == b"here"
    os.close(read_fd)
    writer.write(b"gone")
    writer.write(b"gone")
    os.close(write_fd)
