"""A runner of whatever kind."""

import threading
from collections.abc import Callable

from orch.runners.endpoint import run_endpoint
from orch.runners.port import Ran, RunnerJob
from orch.runners.process import run_process


def run_any(job: RunnerJob, told: Callable[[str], None], stop: threading.Event) -> Ran:
    """See the port."""
    run = run_endpoint if job.runner.kind == "endpoint" else run_process
    return run(job, told, stop)
