"""What is measured, and in which order.

The servers take turns, so that a busy moment of the machine hits them all.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.client import MeasurementError, Server, encoded, peak_memory
from bench.inputs import Case
from bench.positions import Change, Position, Text
from bench.servers import Contender, lay_out

STARTS = 11
ROUNDS = 11
BURST = 50
BURSTS = 5
REQUESTS = 60
SILENCE = 1.0
"""Seconds without a word after which a server counts as done with what it was given."""
LONG_SILENCE = 5.0
WORD = "feature_id"
METHODS = {
    "textDocument/hover": "hoverProvider",
    "textDocument/completion": "completionProvider",
    "textDocument/definition": "definitionProvider",
    "textDocument/codeLens": "codeLensProvider",
}
"""The requests that are timed, and by which capability a server says that it answers them."""


@dataclass(slots=True)
class Figures:
    """What one server took in one case: seconds, and MiB for `peak`. None is "cannot be had".

    `keystrokes` is (median, 95th percentile); `requests` has the 95th percentile by method, without the methods
    that the server does not offer. `failure` says why there are no further figures.
    """

    case: Case
    server: str
    start: float | None = None
    keystrokes: tuple[float, float] | None = None
    burst: float | None = None
    peak: float | None = None
    requests: dict[str, float] = field(default_factory=dict)
    failure: str | None = None


def measure(case: Case, contenders: Sequence[Contender], folder: Path) -> list[Figures]:
    """The figures of every contender in that case; `folder` is empty and takes their projects and logs."""
    lanes = [_Lane(case, contender, folder / contender.name.replace(" ", "-")) for contender in contenders]
    _in_turn(lanes, STARTS + 1, _Lane.start)
    _in_turn(lanes, 1, _Lane.open)
    _in_turn(lanes, ROUNDS, _Lane.type_word)
    _in_turn(lanes, BURSTS, _Lane.type_burst)
    for method in METHODS:
        _in_turn(lanes, 1, partial(_Lane.ask, method=method))
    _in_turn(lanes, 1, _Lane.close)
    for lane in lanes:
        lane.stop()
    return [lane.figures for lane in lanes]


class _Lane:
    """One server in one case, from its starts to its end."""

    def __init__(self, case: Case, contender: Contender, folder: Path) -> None:
        self.figures = Figures(case, contender.name)
        self._case = case
        self._contender = contender
        self._place = contender.places[case.kind]
        self._root = folder / "project"
        self._log = folder / "stderr.log"
        self._uri = lay_out(case, self._place, self._root).as_uri()
        self._open: Server | None = None
        self._version = 1
        self._changes = _keystrokes(case.typing)
        self._text = Text(case.text)
        self._starts: list[float] = []
        self._keystrokes: list[float] = []
        self._bursts: list[float] = []

    def attempt(self, action: Callable[["_Lane"], None]) -> None:
        """Do it, unless something has failed before; a failure is kept in the figures."""
        if self.figures.failure is not None:
            return
        try:
            action(self)
        except (MeasurementError, OSError) as error:
            self.figures.failure = str(error)
            self.stop()

    def start(self) -> None:
        """One start and end. The first is not counted: it fills the caches of the disk."""
        with self._launch() as server:
            self._starts.append(server.initialize(self._root, self._contender.options))
        self.figures.start = median(self._starts[1:] or self._starts)

    def open(self) -> None:
        """Start the server that stays and open the document in it."""
        self._open = self._launch()
        self._server.initialize(self._root, self._contender.options)
        document = {
            "uri": self._uri,
            "languageId": self._place.language,
            "version": self._version,
            "text": self._case.text,
        }
        self._server.notify("textDocument/didOpen", {"textDocument": document})
        self._server.wait_for_publish(self._uri, self._version, 0)
        self._server.drain(SILENCE)

    def type_word(self) -> None:
        """Twenty single edits, each waited for: a word typed and deleted again."""
        for change in islice(self._changes, 2 * len(WORD)):
            self._server.drain()
            since = len(self._server.published)
            sent = self._server.send(self._encoded(change))
            publish = self._server.wait_for_publish(self._uri, self._version, since)
            self._keystrokes.append(publish.at - sent)
        self._server.drain(0.02)
        self.figures.keystrokes = (median(self._keystrokes), _p95(self._keystrokes))

    def type_burst(self) -> None:
        """Fifty edits at once; how long until the diagnostics of the last have come, counted from the first."""
        self._server.drain(SILENCE)
        since = len(self._server.published)
        messages = [self._encoded(change) for change in islice(self._changes, BURST)]
        sent = [self._server.send(message) for message in messages]
        last = self._server.wait_for_publish(self._uri, self._version, since)
        if last.version is None:
            # whether it merges changes cannot be seen: done is one for each, or a long silence
            while len(self._server.published) < since + BURST and self._server.drain_some(LONG_SILENCE):
                pass
            last = self._server.published[-1]
        self._bursts.append(last.at - sent[0])
        self.figures.burst = median(self._bursts)

    def ask(self, method: str) -> None:
        """Time a request where the case wants it asked, if the server answers it at all."""
        if not self._server.capabilities.get(METHODS[method]):
            return
        places: Iterable[Position | None] = {
            "textDocument/hover": self._case.hover,
            "textDocument/completion": self._case.completion,
            "textDocument/definition": self._case.definition,
        }.get(method, (None,))
        self._server.drain(0.05)
        times = [self._server.request(method, self._parameters(place)) for place in islice(cycle(places), REQUESTS)]
        self.figures.requests[method] = _p95(times)

    def close(self) -> None:
        """Read how much memory was taken, and end the server in good order."""
        self.figures.peak = peak_memory(self._server.process_ids())

    def stop(self) -> None:
        """End the server's process, whatever state it is in."""
        if self._open is not None:
            self._open.close()

    @property
    def _server(self) -> Server:
        assert self._open is not None, "open() comes first"
        return self._open

    def _launch(self) -> Server:
        return Server(self._contender.command, self._root, self._log)

    def _parameters(self, place: Position | None) -> dict[str, Any]:
        parameters: dict[str, Any] = {"textDocument": {"uri": self._uri}}
        return parameters if place is None else {**parameters, "position": place.as_lsp()}

    def _encoded(self, change: Change) -> bytes:
        self._version += 1
        self._text.apply(change)
        content = {"text": self._text.whole()} if self._server.wants_whole_text else change.as_lsp()
        document = {"uri": self._uri, "version": self._version}
        parameters = {"textDocument": document, "contentChanges": [content]}
        return encoded({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": parameters})


def _in_turn(lanes: Sequence[_Lane], times: int, action: Callable[[_Lane], None]) -> None:
    for turn in range(times):
        first = turn % len(lanes)
        for lane in (*lanes[first:], *lanes[:first]):
            lane.attempt(action)


def _keystrokes(places: Sequence[Position]) -> Iterator[Change]:
    """Single edits without end: at one place after the other, the word is typed and deleted again."""
    for place in cycle(places):
        for index, letter in enumerate(WORD):
            yield Change(place.moved(index), 0, letter)
        for index in reversed(range(len(WORD))):
            yield Change(place.moved(index), 1, "")


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[-1]
