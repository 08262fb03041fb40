"""A project of a large team: ten thousand sessions, a thousand templates with five versions each, all committed."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from orch.library.version_files import version_text
from orch.model.reference import PROJECT, TemplateId
from orch.model.template import digest_of

SESSIONS = 10_000
TEMPLATES = 1_000
VERSIONS = 5
OPEN = 0.1
"""The share of the sessions that have not ended."""

TEXT = 16_000
"""Characters of all long texts of one session, about."""

_STEPS = ("plan", "process", "analyze", "save-analysis", "implement", "save-implementation", "complete")
_PARAGRAPH = "It says what is known about part {} and what has to be found out.\n- look at `src/part_{}.py`\n"


def lay_out_many(root: Path) -> str:
    """Write the project into the empty folder `root` and commit it; gives the id of one open session."""
    sessions = root / ".orch/sessions"
    sessions.mkdir(parents=True)
    rng = Random(1)
    some = ""
    for number in range(SESSIONS):
        session_id = f"{rng.getrandbits(32):08x}-ceea-467f-a8d2-{number:012x}"
        is_open = rng.random() < OPEN
        created = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=71 * number)
        name = f"{created:%Y-%m-%d}-add-feature-{number}-{session_id[:8]}.orch"
        (sessions / name).write_bytes(_session(session_id, number, created, is_open).encode())
        some = session_id if is_open else some
    _templates(root)
    git = ("git", "-C", str(root), "-c", "user.name=bench", "-c", "user.email=bench@example.org")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "all")):
        subprocess.run([*git, *words], check=True, capture_output=True)
    return some


def _session(session_id: str, number: int, created: datetime, is_open: bool) -> str:
    body = "".join(_PARAGRAPH.format(part, part) for part in range(TEXT // 5 // len(_PARAGRAPH)))
    status = ("planning", "analysis", "implementation")[number % 3] if is_open else "completed"
    outcome = "" if is_open else '[outcome]\nresult = "success"\nrating = 4\n\n'
    steps = _STEPS[: 2 if is_open else len(_STEPS)]
    history = "".join(
        f'[[history]]\nat = {created + timedelta(hours=hour):%Y-%m-%dT%H:%M:%SZ}\nstep = "{step}"\nby = "Ada"\n'
        for hour, step in enumerate(steps)
    )
    runs = "".join(_run(step, created) for step in ("plan", "analyze", "implement")[: 1 if is_open else 3])
    return f"""\
schema = 1
id = "{session_id}"
title = "Add feature {number}"
status = "{status}"
feature_type = "feature"
project = "shop"
created = {created:%Y-%m-%dT%H:%M:%SZ}

[request]
text = '''
Add feature {number}, so that customers can do what they could not do before.
'''

{outcome}[notes]
complexity = "medium"
time_estimate = "16-20 hours"
key_files = ["src/part_{number % 97}.py"]
text = '''
Complexity: medium
'''

[planning]
template = "builtin:orchestrator@1-5d41402a"
response = '''
{body}{body}'''
prompt = '''
{body}'''

[analysis]
body = '''
{body}'''

[implementation]
body = '''
{body}'''

{runs}{history}"""


def _run(step: str, created: datetime) -> str:
    return f"""\
[[executions]]
step = "{step}"
runner = "local"
model = "owl-1-mini"
started = {created:%Y-%m-%dT%H:%M:%SZ}
seconds = 41.2
status = "ok"
prompt_chars = 4597
answer_chars = 6012
input_tokens = 1200
output_tokens = 1500

"""


def _templates(root: Path) -> None:
    for number in range(TEMPLATES):
        template = TemplateId(PROJECT, f"group_{number % 25}/page_{number}")
        for version in range(1, VERSIONS + 1):
            body = f"# Page {number}\n\nWording {version} of {{{{ request }}}}\n"
            path = root / ".orch/versions" / template.path / f"{version:04d}-{digest_of(body)[:8]}.toml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(version_text(template, version, body, []).encode())
        path = root / ".orch/templates" / f"{template.path}.md.j2"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body.encode())
