"""One call of a tool: the project that it is about, its parameters, the command under the lock, the reply."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orch.commands.apply import carry_out
from orch.commands.command import Command, decode
from orch.commands.outcome import Refusal
from orch.commands.project import Project
from orch.commands.registry import command
from orch.commands.session_files import relative
from orch.commands.unfiled import arrived, free_path, rescued
from orch.mcp.checking import checked
from orch.mcp.folders import outside, root_for
from orch.mcp.projects import Projects
from orch.mcp.replies import LISTED, Reply, refused, reply_of
from orch.mcp.tools import BY_NAME, TEXTS, TOOLS, Tool
from orch.mcp.words import findings_text
from orch.storage.disk import DiskStorage
from orch.storage.port import StorageError
from orch.storage.sentences import READ_LIMIT
from orch.storage.texts import encode

log = logging.getLogger(__name__)

ROOM = READ_LIMIT // 2
"""Characters that a text may have, so that it fits into a session file together with the others."""

UNEXPECTED = "Orch met an error that it did not expect; its log (standard error) has more. Please report it."


@dataclass(frozen=True, slots=True)
class Call:
    """A tool with the arguments that a client gave. `folders` are those that it works in."""

    tool: str
    given: Mapping[str, Any]
    folders: Sequence[Path]
    cancelled: Callable[[], bool] = field(default=lambda: False)


def reply_to(projects: Projects, call: Call) -> Reply:
    """Carries `call` out. Never raises: what goes wrong is a reply, in one sentence. Runs in a thread."""
    tool = BY_NAME.get(call.tool)
    if tool is None:
        return refused(f"There is no tool {call.tool!r}; there are {', '.join(one.name for one in TOOLS)}.")
    try:
        return _reply(projects, tool, call)
    except StorageError as error:
        return refused(str(error))
    except Exception:
        log.exception("unexpected error in the tool %s", tool.name)
        return refused(UNEXPECTED)


def _reply(projects: Projects, tool: Tool, call: Call) -> Reply:
    found = command(tool.command) if tool.command else None
    given = {name: _mended(name, value) for name, value in call.given.items() if value is not None}
    brought = _brought(found, given)
    create = tool.name == "plan" or brought is not None
    root = root_for(call.folders, given, projects.at, create=create)
    if isinstance(root, Refusal):
        return refused(root.in_terminal)
    project = projects.at(root)
    wrong = _wrong(tool, given, root)
    if found is None:
        report = wrong or checked(project, given, projects.at)
        return refused(report.sentence) if isinstance(report, Refusal) else Reply(report, findings_text(report))
    text = given.get(found.brings)
    if isinstance(text, str) and len(text) > ROOM:
        return refused(_kept_whole(project, text))
    params = wrong or decode(found.params, _for_command(tool, given), tool.name)
    if isinstance(params, Refusal):
        return refused(_kept(project, found, brought, params).in_terminal)
    try:
        done = carry_out(project, found, params, call.cancelled)
    except Exception:
        # a text that came with the call must outlive a mistake of ours
        log.exception("unexpected error in the tool %s", tool.name)
        return refused(_kept(project, found, brought, Refusal(UNEXPECTED)).in_terminal)
    if isinstance(done, Refusal):
        return refused(done.in_terminal, done.candidates)
    return reply_of(tool.gives, project, done, given)


def _mended(name: str, value: Any) -> Any:
    """`value` as it was surely meant: some clients send an object as its JSON text, and 4 as 4.0."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if name in ("values", "texts", "paths") and isinstance(value, str):
        try:
            read = json.loads(value)
        except (ValueError, RecursionError):
            return value
        return read if isinstance(read, dict | list) else value
    return value


def _brought(found: Command[Any] | None, given: Mapping[str, Any]) -> object | None:
    """The parameters with nothing but the text that must not be lost, where there is one."""
    text = given.get(found.brings) if found is not None and found.brings else None
    if found is None or not isinstance(text, str):
        return None
    params: object = found.params(**{found.brings: text})
    return params if arrived(found, params) is not None else None


def _kept(project: Project, found: Command[Any], brought: object | None, why: Refusal) -> Refusal:
    """`why`, and the text that came with the call is kept under `.orch/unfiled/`."""
    return why if brought is None else rescued(project, found, brought, StorageError(why.in_terminal))


def _kept_whole(project: Project, text: str) -> str:
    """Keeps a text that is too large for a session file, and says where."""
    sentence = f"The text is larger than {ROOM // 2**20} MiB."
    disk = project.storage
    assert isinstance(disk, DiskStorage)
    path = free_path(project)
    try:
        disk.write_bytes(path, encode(text), replaces=None)
    except StorageError as error:
        return f"{sentence} It could not be kept: {error}"
    return f"{sentence} It is kept in {relative(project, path)}."


def _wrong(tool: Tool, given: Mapping[str, Any], root: Path) -> Refusal | None:
    """What is wrong with the arguments before the command itself looks at them."""
    for name in given:
        if name not in tool.arguments and name != "root":
            takes = ", ".join(tool.arguments) or "nothing"
            return Refusal(f"{tool.name} does not take {name!r}; it takes {takes}.")
    missing = next((name for name in tool.needs if name not in given), None)
    if missing is not None:
        return Refusal(f"{tool.name} needs {missing!r}.")
    texts = given.get("texts")
    if texts is not None and not (isinstance(texts, list) and all(one in ("all", *TEXTS) for one in texts)):
        return Refusal(f"{tool.name} wants a list for 'texts', of 'all' or some of {', '.join(TEXTS)}.")
    session = given.get("session")
    return outside(root, session) if isinstance(session, str) else None


def _for_command(tool: Tool, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as the command takes them."""
    own = {name: value for name, value in given.items() if name not in ("root", "texts")}
    limit = own.setdefault("limit", LISTED) if tool.gives == "sessions" else None
    if type(limit) is int and limit > 0:
        own["limit"] = limit + 1  # to see whether there are more
    return own
