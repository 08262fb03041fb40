"""The projects that the documents belong to, read through the editor's overlay.

Everything but `queue` is called in threads, never on the loop.
"""

import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orch.commands.project import Project
    from orch.lsp.documents import Document
    from orch.lsp.language_server import OrchServer
    from orch.render.port import Rendered, Renderer, RenderFailure, RenderJob
    from orch.storage.overlay import OverlayStorage


class Projects:
    """One project for each root, each with the open documents laid over its files, and one renderer for all."""

    def __init__(self, server: "OrchServer") -> None:
        self._server = server
        self._lock = threading.Lock()
        self._queue: deque[tuple[Path, str | None]] = deque()
        self._open: dict[Path, str] = {}
        self._renderer = _LazyRenderer()
        self._by_root: dict[Path, tuple[Project, OverlayStorage]] = {}

    def queue(self, texts: Sequence[tuple[Path, str]], closed: Sequence[Path]) -> None:
        """Takes what changed in the editor, to be laid over the files by the next thread that reads them."""
        self._queue.extend((path, None) for path in closed)
        self._queue.extend(texts)

    def lay_over(self) -> None:
        """Brings the overlays up to date with the editor."""
        with self._lock:
            while self._queue:
                path, text = self._queue.popleft()
                if text is None:
                    self._open.pop(path, None)
                else:
                    self._open[path] = text
                for _, storage in self._by_root.values():
                    if text is None:
                        storage.close(path)
                    else:
                        storage.open(path, text)

    def at(self, root: Path) -> "Project":
        """The project whose root is `root`."""
        with self._lock:
            if root not in self._by_root:
                self._by_root[root] = self._made(root)
            return self._by_root[root][0]

    def of(self, path: Path | None) -> "Project | None":
        """The project that the file at `path` belongs to, None where there is none (or no file)."""
        from orch.storage.locate import find_project

        root = find_project(path) if path is not None else None
        return self.at(root) if root is not None else None

    def around(self, document: "Document") -> "Project | None":
        """The project that `document` is looked at from: its own.

        A template of the user's or a shared layer lies in none; it is looked at from the only project at hand.
        """
        found = self.of(document.path)
        if found is not None or document.path is None or document.kind != "template":
            return found
        known = self.known()
        return known[0] if len(known) == 1 else None

    def severities(self, project: "Project | None") -> dict[str, str]:
        """`[diagnostics]` of the project's configuration, by rule."""
        if project is None:
            return {}
        from orch.library.configuration import load_configuration

        return dict(load_configuration(project.storage, project.root, project.user_config).diagnostics)

    def layers(self) -> list[Path]:
        """The `templates` folders of every layer that a project at hand has, the user's own among them."""
        from orch.library.configuration import load_configuration
        from orch.library.layers import TEMPLATES, open_library
        from orch.storage.locate import user_config

        found = [user_config() / TEMPLATES]
        for project in self.known():
            storage, root, own = project.storage, project.root, project.user_config
            library = open_library(storage, root, own, project.builtins, load_configuration(storage, root, own))
            found += (layer.templates for layer in library.layers)
        return list(dict.fromkeys(found))

    def known(self) -> "list[Project]":
        """The projects of the workspace folders and of the open documents."""
        from orch.storage.locate import find_project

        starts = [*self._server.folders(), *self._server.paths()]
        roots = dict.fromkeys(root for start in starts if (root := find_project(start)) is not None)
        return [self.at(root) for root in roots]

    def read(self, path: Path) -> str | None:
        """The text at `path`, the open one first; None where it cannot be read."""
        from orch.storage.disk import DiskStorage
        from orch.storage.port import StorageError

        project = self.of(path)
        try:
            if project is not None:
                return project.storage.read(path)
            opened = self._open.get(path)
            return opened if opened is not None else DiskStorage(path.parent).read(path)
        except StorageError:
            return None

    def close(self) -> None:
        """Ends the renderer's worker processes."""
        self._renderer.close()

    def _made(self, root: Path) -> "tuple[Project, OverlayStorage]":
        from orch.commands.open_project import open_project
        from orch.storage.disk import DiskStorage
        from orch.storage.locate import user_config
        from orch.storage.overlay import OverlayStorage

        storage = OverlayStorage(DiskStorage(root, user_config()))
        for path, text in self._open.items():
            storage.open(path, text)
        return open_project(root, storage, self._renderer), storage


class _LazyRenderer:
    """The renderer, which is imported with all of Jinja only when a prompt is made."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._renderer: Renderer | None = None

    def render(self, job: "RenderJob") -> "Rendered | RenderFailure":
        """See the port."""
        from orch.render.worker_renderer import WorkerRenderer

        with self._lock:
            if self._renderer is None:
                self._renderer = WorkerRenderer()
        return self._renderer.render(job)

    def close(self) -> None:
        """See the port."""
        if self._renderer is not None:
            self._renderer.close()
