"""The projects at hand, each opened once, and the renderer that they share."""

import threading
from pathlib import Path

from orch.commands.open_project import open_project
from orch.commands.project import Project
from orch.render.port import Rendered, Renderer, RenderFailure, RenderJob
from orch.storage.disk import DiskStorage
from orch.storage.locate import user_config


class Projects:
    """One project for each root, and one renderer for all. Safe to use in several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._renderer = _LateRenderer()
        self._by_root: dict[Path, Project] = {}

    def at(self, root: Path) -> Project:
        """The project whose root is `root`."""
        with self._lock:
            if root not in self._by_root:
                self._by_root[root] = open_project(root, DiskStorage(root, user_config()), self._renderer)
            return self._by_root[root]

    def close(self) -> None:
        """Ends the renderer's worker process."""
        self._renderer.close()


class _LateRenderer:
    """A renderer that starts its process only when something is rendered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._real: Renderer | None = None

    def render(self, job: RenderJob) -> Rendered | RenderFailure:
        """See the port."""
        from orch.render.worker_renderer import WorkerRenderer

        with self._lock:
            if self._real is None:
                self._real = WorkerRenderer()
        return self._real.render(job)

    def close(self) -> None:
        """See the port."""
        if self._real is not None:
            self._real.close()
