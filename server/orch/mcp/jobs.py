"""The calls that are under way in threads: which of them were given up, and when all of them are done."""

import threading


class Jobs:
    """The calls that are under way, by the id of their request. Safe to use in several threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running: dict[str, threading.Event] = {}

    def begin(self, request: str | int | None) -> threading.Event:
        """Counts a call in. The event is set when its client gives it up."""
        with self._changed:
            self._running[str(request)] = stop = threading.Event()
        return stop

    def end(self, request: str | int | None) -> None:
        """Counts a call out."""
        with self._changed:
            self._running.pop(str(request), None)
            self._changed.notify_all()

    def cancel(self, request: str | int | None) -> None:
        """The client gave the call up."""
        with self._changed:
            stop = self._running.get(str(request))
        if stop is not None:
            stop.set()

    def wait(self, seconds: float) -> None:
        """Waits until no call is under way, for `seconds` at most."""
        with self._changed:
            self._changed.wait_for(lambda: not self._running, seconds)
