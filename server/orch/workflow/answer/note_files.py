"""The key files of execution notes: paths without what is said about them."""

import re

from orch.workflow.answer.note_lines import Block, row_cells

_TOKEN = r"[\w@.~/\\\[\](){}*$+#%=-]+"
_NAMES = re.compile(
    r"(?:Makefile|Dockerfile|Gemfile|Procfile|Jenkinsfile|Rakefile|Vagrantfile|README|LICENSE|CHANGELOG"
    r"|CODEOWNERS|BUILD|WORKSPACE)$"
)
_EXTENSION = re.compile(r"\.[A-Za-z]\w{0,11}$|^\.[a-z]\w+")
_VERB = re.compile(
    r"^(?:\(?(?:new|create|modify|update|edit|add|change|extend|review|touch|delete|rename|created|modified|updated"
    r"|edited|added|changed|extended|deleted|renamed|existing|neu|ändern|nouveau"
    r"|nuevo|novo|nuovo|nieuw)\)?"
    r"\s*[:：—–-]?\s+)+",
    re.IGNORECASE,
)
_COMMENT = re.compile(
    r"\s+(?:[-–—→]|->|--|#)\s+|[:：](?:\s|$)|\s+\(|\s+\[(?=new|mod)|（|\s*—\s*|,?\s+(?:for|which|where|with|to"
    r"|contains|handles)\s"
)


def files_of(block: Block) -> list[str]:
    """The paths that a block lists, without comments, line numbers and emphasis, each once."""
    found: list[str] = []
    for line in ([block.value] if block.value else []) + block.lines:
        if line.strip() and not re.search(r"[├└│]", line):
            found.extend(_files_in(line))
    return list(dict.fromkeys(found))


def _files_in(line: str) -> list[str]:
    text = line.strip()
    if text.startswith("|"):
        return next((paths for cell in row_cells(text) if (paths := _files_in_text(cell))), [])
    text = re.sub(r"^(?:[-*+•◦▪]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?", "", text)
    text = re.sub(r"^[^\w\s!-~]+\s+", "", text)  # an emoji before the path
    return _files_in_text(text)


def _files_in_text(text: str) -> list[str]:
    text = re.sub(r"\[([^\[\]]+)\]\(([^()\s]*)\)", lambda link: link[1] if is_path(link[1]) else link[2], text)
    text = re.sub(r"\*\*([^*]+)\*\*", r"\1", text) if "**" in text and "/**" not in text else text
    text = _VERB.sub("", text.strip(), count=1)
    head, rest = _before_comment(text)
    if paths := _paths(head):
        return paths
    return (
        _paths(_before_comment(rest)[0]) if rest and len(head.split()) <= 4 and ":" in text[: len(head) + 2] else []
    )


def _before_comment(text: str) -> tuple[str, str]:
    masked = re.sub(r"`[^`]*`", lambda match: "x" * len(match[0]), text)
    match = _COMMENT.search(masked)
    return (text[: match.start()], text[match.end() :]) if match else (text, "")


def _paths(head: str) -> list[str]:
    pieces = [
        piece.strip()
        for piece in re.split(r"\s*、\s*|\s+/\s+|\s*(?:,|;|\+|&|\band\b|\bund\b|\bet\b|\by\b|\be\b)\s+", head)
        if piece.strip()
    ]
    if not pieces or not is_path(pieces[0], alone=True):
        return []
    quoted = (re.sub(r"^(`[^`]+`)\s.*", r"\1", piece) for piece in pieces)
    return [_path(piece) for piece in quoted if is_path(piece, alone=True)]


def _path(piece: str) -> str:
    text = piece.strip().rstrip(".,;:") if piece.strip().endswith(("`.", "`,")) else piece.strip()
    text = text.strip("`*_\"'“” ").rstrip(",;:")
    return re.sub(r"(?::\d+(?:[-–:]\d+)?|#L\d+(?:-L?\d+)?)$", "", text)


def is_path(piece: str, alone: bool = False) -> bool:
    """Whether `piece` reads as a path: one word with a slash or an extension, or a file known by its name."""
    quoted = piece.startswith("`") and piece.endswith("`")
    text = _path(piece)
    if quoted and " " in text and "/" in text and _EXTENSION.search(text):
        return True
    if not text or not re.fullmatch(_TOKEN, text):
        return False
    if _EXTENSION.search(text) or _NAMES.match(text.split("/")[-1]):
        return not re.fullmatch(r"(?:e\.g|i\.e|etc)\.?", text)
    if "/" not in text.strip("/") and not text.endswith("/"):
        return False
    return quoted or text.endswith("/") or text.count("/") > 1 or (alone and text != text.upper())
