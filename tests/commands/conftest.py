"""Fixtures of the command tests."""

from collections.abc import Iterator

import pytest

from orch.render.port import Renderer
from orch.render.worker_renderer import WorkerRenderer
from support.projects import Desk
from support.projects import desk as new_desk


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """The real renderer, one worker for all tests."""
    made = WorkerRenderer()
    yield made
    made.close()


@pytest.fixture
def desk(renderer: Renderer) -> Desk:
    """An empty project in memory."""
    return new_desk(renderer)
