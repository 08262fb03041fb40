"""The port to runners: a prompt in, what a model wrote out, away from this process."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from orch.model.config import Runner

Status = Literal["ok", "failed", "cancelled", "timeout"]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run ended. `text` is all that came, whatever the status; `seconds` is how long it took.

    `sentence` is one plain sentence that says why the status is not ok, empty where it is. `model` is the model's
    name, `input_tokens` and `output_tokens` what the run cost; empty and None where nobody tells.
    """

    status: Status
    text: str
    seconds: float
    sentence: str = ""
    model: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class RunnerJob:
    """What to run: `prompt` goes to the runner as UTF-8, and `root` is the folder that it works in."""

    runner: Runner
    prompt: str
    root: Path


class RunModel(Protocol):
    """Gives a prompt to a runner and waits for it to end."""

    def __call__(self, job: RunnerJob, told: Callable[[str], None], stop: threading.Event) -> Ran:
        """Blocks until the runner has ended, at its time limit, or soon after `stop` is set.

        `told` is called with each piece of text as it comes, in this thread. Never raises for what a runner does.
        """
