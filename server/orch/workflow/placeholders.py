"""Placeholders of a body: where a person, or Orch itself, has to put something in before the prompt goes out."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from orch.model.session import Session
from orch.text.span import Span


class Placeholder(NamedTuple):
    """A place to fill. `key` is the inner text, trimmed; `span` covers the delimiters too."""

    key: str
    span: Span


def find_placeholders(body: str) -> list[Placeholder]:
    """The placeholders of `body` in document order, as the contract defines them ("Placeholders").

    `{{ name }}` with a plain name, `[UPPER CASE WORDS]`, `<UPPER_CASE>` with an underscore. What stands in a code
    fence, in inline code or in a link is none. Neither is an element that is closed again (`<A_B> ... </A_B>`), a
    range of characters (`[A-Z]`) or an index (`rows[MAX_ROWS]`).
    """
    if not any(mark in body for mark in ("{{", "[", "<")):
        return []
    plain = _without_code(body)
    plain = _without_links(plain)
    closed = set(_CLOSING_TAG.findall(plain)) if "</" in plain else set()
    found = []
    for match in _PLACEHOLDER.finditer(plain):
        name, words, tag = match["name"], match["words"], match["tag"]
        if (
            (name is not None and not _is_wrapped(plain, match))
            or (words is not None and _is_upper_case_words(plain, match, words))
            or (tag is not None and _is_upper(tag) and tag not in closed)
        ):
            found.append(Placeholder((name or words or tag).strip(), Span(*match.span())))
    return found


def fill_placeholders(body: str, values: Mapping[str, str]) -> str:
    """`body` with every placeholder that has a value replaced by it, literally and once.

    A value is never scanned again; a placeholder without a value stays as it is written.
    """
    pieces: list[str] = []
    done = 0
    for key, span in find_placeholders(body):
        if key in values:
            pieces += (body[done : span.start], values[key])
            done = span.end
    pieces.append(body[done:])
    return "".join(pieces)


def is_analysis_slot(key: str) -> bool:
    """Whether `key` names the place for the analysis result: `ANALYSIS`, `analysis_result`, `PASTE ANALYSIS HERE`.

    A name counts when it has a word for analysis and otherwise only words that say "put the result here".
    """
    words = _words(key)
    rest = [word for word in words if word not in _ANALYSIS_WORDS]
    if not _OUTCOME_WORDS.isdisjoint(rest):
        rest = [word for word in rest if word not in _ASKED_BY]  # "OUTPUT OF THE ANALYSIS PROMPT"
    if len(rest) == len(words) or any(word not in _SLOT_WORDS for word in rest):
        return False
    # "ANALYSIS PHASE" and "CODE ANALYSIS" name a thing; only with a word of giving do they name its result
    return not rest or any(word in _RESULT_WORDS for word in rest)


def known_values(session: Session, body: str) -> dict[str, str]:
    """What Orch can fill into the placeholders of `body` by itself, by key; only keys that stand in the body.

    Names count in any case, with spaces, `_` or `-` between the words, "your", "the" or "insert" before them:
    - the request: `request`, `feature_request`, `FEATURE REQUEST`, `USER REQUEST`, `FEATURE`,
      `FEATURE DESCRIPTION`
    - the title: `title`, `FEATURE TITLE`, `FEATURE NAME`, `SESSION TITLE`
    - the project: `project`, `PROJECT NAME`
    - the feature type: `feature_type`, `TYPE OF FEATURE`
    - the analysis result: whatever `is_analysis_slot` accepts
    Where the session has nothing for a name, the name is left out.
    """
    known = {
        "request": session.request,
        "title": session.title,
        "project": session.project,
        "feature type": session.feature_type,
    }
    values: dict[str, str] = {}
    for key, _ in find_placeholders(body):
        if is_analysis_slot(key):
            value = session.analysis.result or ""
        else:
            value = known.get(_KNOWN_NAMES.get(" ".join(_words(key, drop=_ARTICLES)), ""), "")
        if value:
            values[key] = value
    return values


# The three forms. Letter case is checked by code, as a regular expression knows no upper case beyond ASCII.
_PLACEHOLDER = re.compile(
    r"\{\{[ \t]*(?P<name>[^\W\d]\w*)[ \t]*\}\}"
    r"|\[[ \t]*(?P<words>\w[\w \t\-/'’&:]*\w"
    r"(?:[,;.?!][ \t]+\w[\w \t\-/'’&:,;]*\w|[ \t]+\([\w \t\-/,]+\))?[.?!…]*)[ \t]*\]"
    r"|<(?P<tag>[^\W\d_]\w*_\w*)>"
)
_CLOSING_TAG = re.compile(r"</[ \t]*([^\W\d_]\w*_\w*)[ \t]*>")
_LIST = re.compile(r"\w+[,;.?!]\s")
_CHARACTER_RANGES = re.compile(r"(?:\w-\w)+\w*")
_NOT_A_PLACE = frozenset({"TODO", "TBD", "WIP", "NOTE"})


def _is_upper(text: str) -> bool:
    return text.isupper()


def _is_wrapped(text: str, match: re.Match[str]) -> bool:
    """`{{{ name }}}` is another template language's raw output, not a place to fill."""
    return text[match.start() - 1 : match.start()] == "{" or text[match.end() : match.end() + 1] == "}"


def _is_upper_case_words(text: str, match: re.Match[str], words: str) -> bool:
    # "[GET, POST]" lists values; "[THE FILES, ONE PER LINE]" asks for something
    if (
        _LIST.match(words)
        or not _is_upper(words)
        or re.split(r"\s*[:(.?!…]", words, maxsplit=1)[0] in _NOT_A_PLACE
        or _CHARACTER_RANGES.fullmatch(words)
    ):
        return False
    before = text[match.start() - 1] if match.start() else ""
    if before in ("\\", "!"):
        return False
    return not (before.isascii() and (before.isalnum() or before in "_])") and before and " " not in words)


def _blank(text: str) -> str:
    """The same number of characters, with nothing in them that could be a placeholder; line ends stay."""
    return re.sub(r"[^\n]", " ", text) if "\n" in text else " " * len(text)


def _without_code(body: str) -> str:
    """`body` with fenced and inline code blanked out, so that offsets stay true."""
    if "`" not in body and "~~~" not in body:
        return body
    pieces: list[str] = []
    plain: list[str] = []

    def flush() -> None:
        pieces.append(_without_inline_code("".join(plain)))
        plain.clear()

    fence = ""
    for line in re.split(r"(?<=\n)", body):
        match = _FENCE.match(line)
        if fence:
            pieces.append(_blank(line))
            if match and not match["item"] and match["run"].startswith(fence) and not match["info"].strip():
                fence = ""
        elif match and not ("`" in match["run"] and "`" in match["info"]):
            flush()
            fence = match["run"]
            pieces.append(_blank(line))
        else:
            plain.append(line)
    flush()
    return "".join(pieces)


_FENCE = re.compile(r"[ \t>]*(?P<item>(?:[-*+]|\d{1,3}[.)])[ \t]+)?(?P<run>`{3,}|~{3,})(?P<info>[^\r\n]*)")
_BACKTICKS = re.compile(r"`+")
_BLANK_LINE = re.compile(r"(\n[ \t\r]*\n)")


def _without_inline_code(text: str) -> str:
    """Backtick runs pair with the next run of the same length in the same paragraph, as in CommonMark."""
    if "`" not in text:
        return text
    return "".join(_paragraph_without_code(paragraph) for paragraph in _BLANK_LINE.split(text))


def _paragraph_without_code(text: str) -> str:
    runs = list(_BACKTICKS.finditer(text))
    later: dict[int, list[int]] = {}
    for index in range(len(runs) - 1, -1, -1):
        later.setdefault(len(runs[index][0]), []).append(index)
    pieces: list[str] = []
    done = index = 0
    while index < len(runs):
        run = runs[index]
        same = later[len(run[0])]
        while same and same[-1] <= index:
            same.pop()
        escaped = run.start() > 0 and text[run.start() - 1] == "\\"
        if same and not escaped:
            close = runs[same[-1]]
            pieces += (text[done : run.start()], _blank(text[run.start() : close.end()]))
            done, index = close.end(), same[-1]
        index += 1
    pieces.append(text[done:])
    return "".join(pieces)


_INLINE_LINK = re.compile(r"!?\[[^\[\]\n]{0,1000}\]\([^()\n]{0,2000}(?:\([^()\n]{0,500}\)[^()\n]{0,500})?\)")
_REFERENCE_LINK = re.compile(r"!?\[[^\[\]\n]{1,1000}\]\[[^\[\]\n]{0,1000}\]")
_DEFINITION = re.compile(r"^[ \t>]{0,8}\[(?P<label>[^\[\]\n]{1,1000})\]:[^\n]*", re.MULTILINE)
_AUTOLINK = re.compile(r"<[a-zA-Z][a-zA-Z0-9+.\-]{1,31}:[^\n<>]*>")


def _without_links(text: str) -> str:
    """`text` with links blanked out: inline, by reference, the definitions, and what these make a link."""

    def blank(match: re.Match[str]) -> str:
        return _blank(match[0])

    if "](" in text:
        text = _INLINE_LINK.sub(blank, text)
    if "][" in text:
        text = _REFERENCE_LINK.sub(blank, text)
    if "]:" in text:
        labels = {match["label"].strip().casefold() for match in _definitions(text)}
        text = _DEFINITION.sub(lambda match: blank(match) if _is_definition(match) else match[0], text)
        if labels:
            text = re.sub(r"\[([^\[\]\n]{1,1000})\]", _blank_if(labels), text)
    return _AUTOLINK.sub(blank, text) if ":" in text else text


def _definitions(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _DEFINITION.finditer(text) if _is_definition(match))


def _is_definition(match: re.Match[str]) -> bool:
    # "[PROJECT NAME]: describe it" is a place with a label; a definition goes on with one address
    rest = match[0].split("]:", 1)[1].strip()
    return bool(re.match(r"(?:<[^<>]*>|\S*[/.#:]\S*)(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?$", rest))


def _blank_if(labels: set[str]) -> Callable[[re.Match[str]], str]:
    return lambda match: _blank(match[0]) if match[1].strip().casefold() in labels else match[0]


def _words(key: str, drop: frozenset[str] = frozenset()) -> list[str]:
    words = re.findall(r"[^\W_]+", re.sub(r"['’]s\b", "", key.casefold()))
    return [word for word in words if word not in drop]


def _word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ARTICLES = frozenset({"the", "your", "a", "of", "here", "insert", "paste", "text"})
_KNOWN_NAMES = {
    "request": "request",
    "feature request": "request",
    "user request": "request",
    "feature": "request",
    "feature description": "request",
    "description feature": "request",
    "title": "title",
    "feature title": "title",
    "feature name": "title",
    "name feature": "title",
    "session title": "title",
    "project": "project",
    "project name": "project",
    "name project": "project",
    "feature type": "feature type",
    "type feature": "feature type",
}
_ANALYSIS_WORDS = _word_set(
    "analysis analyses analyse analysen analyseergebnis analyseergebnisse análisis analisis análise analisi "
    "анализ анализа"
)
_OUTCOME_WORDS = _word_set("result results output outputs finding findings report response answer")
_ASKED_BY = _word_set("prompt template")
_RESULT_WORDS = _word_set(
    "result results output outputs finding findings report document response answer paste insert put add include "
    "place provide attach copy here from previous prior above earlier content contents "
    "ergebnis ergebnisse einfügen hier résultat résultats résultado resultado resultados risultato risultati "
    "resultaat resultaten результат результаты pegar aquí insérer ici analyseergebnis analyseergebnisse"
)
_SLOT_WORDS = _RESULT_WORDS | _word_set(
    "the your this of in to and with will be inserted added pasted completed full complete entire "
    "phase step part stage section text data llm ai model "
    "code codebase feature project system technical below 1 i one der die das den des de la le les du del della "
    "los las el da do dell van het l d"
)
