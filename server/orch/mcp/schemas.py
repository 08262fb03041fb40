"""The JSON schemas of what the tools return."""

from typing import Any

from orch.mcp.tools import Tool
from orch.model.session import STATUSES


def output_schema(tool: Tool) -> dict[str, Any]:
    """The schema of the tool's structured result; one that was refused has none."""
    return _SCHEMAS[tool.gives]


def _object(properties: dict[str, Any], required: tuple[str, ...] | None = None) -> dict[str, Any]:
    needed = list(properties if required is None else required)
    return {"type": "object", "properties": properties, "required": needed}


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def _texts(description: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}, "description": description}


_OPTIONAL_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_WHOLE: dict[str, Any] = {"type": "integer"}
_YES_OR_NO: dict[str, Any] = {"type": "boolean"}

_HEAD: dict[str, Any] = {
    "id": _text("The id of the session; its first 8 characters name it too"),
    "path": _text("The session's file"),
    "title": _text("A line about the request"),
    "status": _text(f"{', '.join(STATUSES)}; anything else that a person wrote into the file"),
    "feature_type": _text("The kind of change"),
    "project": _text("The project's name"),
}

_PART = _object(
    {
        "state": {"type": "string", "enum": ["found", "doubtful", "missing"]},
        "by": _text("What it was recognised by"),
        "start": _WHOLE,
        "end": _WHOLE,
        "why": _text("What is doubtful"),
    },
    ("state",),
)

_DO = _text("What to do next, and by which tool")

_STEP = _object(
    {
        **_HEAD,
        "do": _DO,
        "missing": _texts("Open places that want a value, of this prompt or of the next one"),
        "notices": _texts("What came of the step"),
        "prompt": _text("The prompt to carry out, whole"),
        "parts": _object(dict.fromkeys(("analysis", "implementation", "notes"), _PART)),
    },
    (*_HEAD, "do", "missing", "notices"),
)

_SESSIONS = _object(
    {
        "sessions": {
            "type": "array",
            "items": _object({**_HEAD, "next": _text("What comes next in it")}, ("id", "title", "status", "next")),
        },
        "more": {**_YES_OR_NO, "description": "Whether there are more than the limit"},
    }
)

_SESSION = _object(
    {
        **_HEAD,
        "do": _DO,
        "lengths": {
            "type": "object",
            "additionalProperties": _WHOLE,
            "description": "The long texts that the session has, and their length in characters",
        },
        "texts": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "The long texts that were asked for",
        },
    },
    ("id", "title", "status", "do", "lengths", "texts"),
)

_TEMPLATES = _object(
    {
        "templates": {
            "type": "array",
            "items": _object(
                {
                    "name": {"type": "string"},
                    "feature_type": _OPTIONAL_TEXT,
                    "layer": {"type": "string"},
                    "path": {"type": "string"},
                    "version": _WHOLE,
                    "description": {"type": "string"},
                    "hidden_by": _OPTIONAL_TEXT,
                    "problem": {"type": "string"},
                },
                ("name", "layer"),
            ),
        },
        "notices": _texts("What was upgraded, and names that are easily mixed up"),
    }
)

_FINDINGS = _object(
    {
        "findings": {
            "type": "array",
            "items": _object(
                {
                    "path": _text("From the project's root"),
                    "line": {**_WHOLE, "description": "From 1"},
                    "column": {**_WHOLE, "description": "From 1, in code points"},
                    "end_line": _WHOLE,
                    "end_column": _WHOLE,
                    "rule": {"type": "string"},
                    "severity": {"type": "string", "enum": ["error", "warning", "info", "hint"]},
                    "message": {"type": "string"},
                }
            ),
        },
        "files": {**_WHOLE, "description": "How many files were looked at"},
        "unread": _texts("A sentence for each file that could not be read"),
        "more": _YES_OR_NO,
    }
)

_SCHEMAS = {
    "step": _STEP,
    "sessions": _SESSIONS,
    "session": _SESSION,
    "templates": _TEMPLATES,
    "findings": _FINDINGS,
}
