"""A runner that is an OpenAI-compatible endpoint, spoken to by a process of its own.

Not by a thread of this one, for three reasons: a request that hangs cannot be cancelled in a thread, and a process
can be killed at once; the client and its key never enter the language server, nor does the time it takes to import
them; and limits, cancelling and the guard are those of every other runner.
"""

import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from orch.runners.endings import ended_badly, wrote_nothing
from orch.runners.launching import TIMEOUT, Launch, launch
from orch.runners.port import Ran, RunnerJob, Status

CLIENT = Path(__file__).with_name("endpoint_client.py")
"""The script that speaks to the endpoint. Importing it here would tie the client to the server."""


def run_endpoint(job: RunnerJob, told: Callable[[str], None], stop: threading.Event) -> Ran:
    """See the port."""
    runner = job.runner
    limit = runner.timeout or TIMEOUT
    asked = {
        "name": runner.name,
        "base_url": runner.base_url,
        "model": runner.model,
        "key_env": runner.key_env,
        "timeout": limit,
    }
    given = json.dumps(asked).encode() + b"\n" + job.prompt.encode("utf-8", "replace")
    # not in the project's folder, and -P: nothing that lies there is ever imported
    argv = (sys.executable, "-P", str(CLIENT))
    done = launch(Launch(runner.name, argv, given, Path(os.sep), limit), told, stop)
    facts = _facts(done.errors)
    status, sentence = done.status, done.sentence
    if status == "ok" and done.code != 0:
        status, sentence = "failed", facts.get("sentence") or ended_badly(runner.name, done.code, done.errors)
    elif status == "ok" and not done.text.strip():
        status, sentence = "failed", wrote_nothing(runner.name, "")
    return _ran(status, sentence, done.text, done.seconds, {"model": runner.model, **facts})


def _ran(status: Status, sentence: str, text: str, seconds: float, facts: Mapping[str, Any]) -> Ran:
    return Ran(
        status,
        text,
        seconds,
        sentence,
        model=facts["model"],
        input_tokens=facts.get("input_tokens"),
        output_tokens=facts.get("output_tokens"),
    )


def _facts(errors: str) -> Mapping[str, Any]:
    """What the client told at its end: a JSON object, on the last line of its standard error that is one."""
    for line in reversed(errors.splitlines()):
        if line.startswith("{"):
            try:
                facts = json.loads(line)
            except ValueError:
                continue
            return facts if isinstance(facts, dict) else {}
    return {}
