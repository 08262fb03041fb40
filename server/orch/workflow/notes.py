"""Execution notes: their text, and what can be read from it with certainty."""

import json
from collections.abc import Mapping
from typing import Any

from orch.model.session import Notes, Risk
from orch.workflow.answer.markdown import ESCAPE, common_margin
from orch.workflow.answer.note_files import files_of, is_path
from orch.workflow.answer.note_lines import Block, note_blocks
from orch.workflow.answer.note_risks import is_single_risk, risks_of, risks_of_tables
from orch.workflow.answer.note_times import duration_of, names_a_duration
from orch.workflow.answer.note_words import complexity_of, field_named


def read_notes(text: str) -> Notes:
    """The notes in `text`: complexity (one of `COMPLEXITIES`), time estimate (as written), risks and key files.

    A field that the text does not give, or gives in words that cannot be told for sure, is left empty. Of a label
    that comes twice the first one that says something counts. Notes may also be a JSON object.
    """
    if (data := _json_object(text)) is not None:
        return _notes_of_data(text, data)
    complexity: str | None = None
    time_estimate: str | None = None
    files: list[str] = []
    risks: list[Risk] = []
    single: list[Risk] = []
    for block in note_blocks(_lines(text)):
        match block.field:
            case "complexity":
                complexity = complexity or _complexity(block)
            case "time_estimate":
                found = duration_of(block)
                # "Effort: M" says less than "Time estimate: 5 hours" behind it
                if not time_estimate or (found and names_a_duration(found) and not names_a_duration(time_estimate)):
                    time_estimate = found or time_estimate
            case "key_files":
                files = files or files_of(block)
            case "risks":
                if is_single_risk(block):
                    single += risks_of(block)
                else:
                    risks = risks or risks_of(block)
    risks = risks or single or risks_of_tables(_lines(text))
    return Notes(text, complexity, time_estimate, tuple(files), tuple(risks))


def note_sections(text: str) -> dict[str, str]:
    """The other sections of the notes, heading -> text, in order: all but complexity, time, risks and key files."""
    if (data := _json_object(text)) is not None:
        return {_title(key): _as_text(value) for key, value in data.items() if field_named(_title(key)) is None}
    blocks = note_blocks(_lines(text))
    sections: dict[str, str] = {}
    for block in _outermost(blocks):
        if block.field is None:
            body = _block_text(block)
            sections[block.title] = f"{sections[block.title]}\n\n{body}" if block.title in sections else body
    return sections


def _lines(text: str) -> list[str]:
    lines = [line.rstrip("\r") for line in ESCAPE.sub("", text).split("\n")]
    margin = len(common_margin(lines))
    return [line[margin:] if margin else line for line in lines]


def _complexity(block: Block) -> str | None:
    if block.value:
        return complexity_of(block.value)
    first = next((line for line in block.lines if line.strip()), "")
    return complexity_of(first.strip().lstrip("-*+• "))


def _outermost(blocks: list[Block]) -> list[Block]:
    """The blocks that no other one encloses; a title over the whole of the notes encloses nothing."""
    if not blocks:
        return []
    least = min(block.rank for block in blocks)
    top = [block for block in blocks if block.rank == least]
    if len(top) == 1 and top[0] is blocks[0] and len(blocks) > 1 and top[0].field is None and not top[0].value:
        return _outermost(blocks[1:])
    listed = all(block.rank >= 9 for block in blocks)
    margin = min(block.indent for block in blocks)
    result: list[Block] = []
    end = -1
    for block in blocks:
        if block.line >= end and (listed or block.rank < 9) and block.indent <= margin + 3:
            result.append(block)
            end = max(block.end, block.line + 1)
    return result


def _block_text(block: Block) -> str:
    lines = [line.rstrip() for line in block.lines]
    margin = len(common_margin(lines))
    body = "\n".join(line[margin:] for line in lines).strip("\n")
    return "\n".join(part for part in (block.value, body) if part)


def _json_object(text: str) -> dict[str, Any] | None:
    stripped = text.strip()
    if not stripped.startswith("{"):
        return None
    try:
        data = json.loads(stripped, strict=False)
    except (ValueError, RecursionError):
        return None
    if isinstance(data, dict) and len(data) == 1:
        inner = next(iter(data.values()))
        data = inner if isinstance(inner, dict) else data
    return data if isinstance(data, dict) else None


def _title(key: str) -> str:
    words = (
        "".join(f" {char}" if char.isupper() and at else char for at, char in enumerate(key))
        if "_" not in key and not key.isupper()
        else key
    )
    return " ".join(words.replace("_", " ").split())


def _notes_of_data(text: str, data: Mapping[str, Any]) -> Notes:
    fields: dict[str, Any] = {}
    for key, value in data.items():
        name = field_named(_title(key))
        if name and name not in fields:
            fields[name] = value
    files = fields.get("key_files")
    paths = [entry if isinstance(entry, str) else _first(entry, "path", "file", "name") for entry in _list(files)]
    found = [path for entry in paths if entry for path in files_of(Block("", 9, entry, 0, 0))]
    risks = [risk for entry in _list(fields.get("risks")) if (risk := _risk_of_data(entry))]
    time = fields.get("time_estimate")
    if isinstance(time, Mapping):
        time = _first(time, "total", "estimate", "value") or "; ".join(
            f"{key}: {value}" for key, value in time.items()
        )
    return Notes(
        text,
        complexity_of(_as_text(fields["complexity"])) if "complexity" in fields else None,
        duration_of(Block("", 9, _as_text(time), 0, 0)) if time else None,
        tuple(dict.fromkeys(path for path in found if is_path(path, alone=True))),
        tuple(risks),
    )


def _risk_of_data(entry: Any) -> Risk | None:
    if isinstance(entry, str):
        found = risks_of(Block("", 9, "", -1, 0, source=["- " + entry], end=1))
        return found[0] if found else None
    risk = _first(entry, "risk", "title", "name", "description", "issue")
    return (
        Risk(risk, _first(entry, "mitigation", "mitigations", "mitigation_strategy", "solution", "plan"))
        if risk
        else None
    )


def _list(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [f"{key}: {inner}" if isinstance(inner, str) else inner for key, inner in value.items()]
    return value if isinstance(value, list) else [value] if value else []


def _first(entry: Any, *keys: str) -> str:
    if not isinstance(entry, Mapping):
        return ""
    lowered = {str(key).casefold(): value for key, value in entry.items()}
    found = next((lowered[key] for key in keys if lowered.get(key)), "")
    return "; ".join(map(_as_text, found)) if isinstance(found, list) else _as_text(found)


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n".join(f"- {_as_text(entry)}" for entry in value)
    if isinstance(value, Mapping):
        return "\n".join(f"{_title(str(key))}: {_as_text(inner)}" for key, inner in value.items())
    return json.dumps(value, ensure_ascii=False)
