"""Between Orch's plain records, in code-point offsets, and LSP's, in lines and characters of the client's encoding.

This is the only place where line and character exist.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from orch.rules.finding import Finding, Severity
from orch.text.lines import Encoding, LineIndex
from orch.text.span import Span, TextEdit

if TYPE_CHECKING:
    from orch.ide import results

SOURCE = "orch"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document for converting: where it is, its line index, and the encoding that the client counts in."""

    uri: str
    lines: LineIndex
    encoding: Encoding

    def position(self, offset: int) -> types.Position:
        """The place of `offset`."""
        return types.Position(*self.lines.position(offset, self.encoding))

    def range(self, span: Span) -> types.Range:
        """The range of `span`."""
        return types.Range(self.position(span.start), self.position(span.end))

    def offset(self, position: types.Position) -> int:
        """The offset of a place, brought back into the text where it lies outside."""
        return self.lines.offset(position.line, position.character, self.encoding)

    def span(self, range_: types.Range) -> Span:
        """The span of `range_`."""
        return from_lsp_range(self.lines, range_, self.encoding)


def from_lsp_range(lines: LineIndex, range_: types.Range, encoding: Encoding) -> Span:
    """The span of `range_`; one that is the wrong way round is turned."""
    start = lines.offset(range_.start.line, range_.start.character, encoding)
    end = lines.offset(range_.end.line, range_.end.character, encoding)
    return Span(min(start, end), max(start, end))


def to_path(uri: str) -> Path | None:
    """The path of a `file:` URI; None for a document that is no file (`untitled:`, `git:`)."""
    from orch.commands.session_files import path_of_uri

    return path_of_uri(uri) if uri[:5].lower() == "file:" else None


def to_lsp_uri(path: Path) -> str:
    """The `file:` URI of an absolute path."""
    return path.as_uri()


_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}


def to_lsp_diagnostic(sheet: Sheet, finding: Finding, page: str | None, related: bool) -> types.Diagnostic:
    """`finding`, whose severity is settled, with its rule's page and, if the client can, related places."""
    assert finding.severity is not None
    return types.Diagnostic(
        range=sheet.range(finding.span),
        message=finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.rule,
        code_description=types.CodeDescription(page) if page else None,
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if finding.unnecessary else None,
        related_information=_to_lsp_related(sheet, finding) if related and finding.related else None,
    )


def _to_lsp_related(sheet: Sheet, finding: Finding) -> list[types.DiagnosticRelatedInformation]:
    """Related places. In another file, whose text is not at hand here, the place is the file's beginning."""
    start = types.Range(types.Position(0, 0), types.Position(0, 0))
    return [
        types.DiagnosticRelatedInformation(
            location=types.Location(to_lsp_uri(entry.path), start)
            if entry.path
            else types.Location(sheet.uri, sheet.range(entry.span)),
            message=entry.message,
        )
        for entry in finding.related
    ]


def to_lsp_edits(sheet: Sheet, edits: Iterable[TextEdit]) -> list[types.TextEdit]:
    """Edits of one document, as LSP's."""
    return [types.TextEdit(sheet.range(edit.span), edit.text) for edit in edits]


def to_lsp_command(command: "results.Command") -> types.Command:
    """A command with its one JSON object."""
    return types.Command(command.title, command.name, arguments=[dict(command.arguments)])


def to_lsp_hover(sheet: Sheet, hover: "results.Hover", markup: types.MarkupKind | None) -> types.Hover:
    """A hover, in the markup that the client takes."""
    return types.Hover(contents=_marked(hover.markdown, markup), range=sheet.range(hover.span))


def to_lsp_completions(
    sheet: Sheet, entries: Iterable["results.Completion"], snippets: bool, markup: types.MarkupKind | None
) -> list[dict[str, Any]]:
    """Completions as LSP's JSON has them: to make lsprotocol's objects would take most of an answer's time.

    To a client without snippets a text goes without the tab stops.
    """
    ranges: dict[Span, dict[str, Any]] = {}

    def written(edit: TextEdit, text: str) -> dict[str, Any]:
        # nearly all entries replace the same place
        if edit.span not in ranges:
            ranges[edit.span] = _written_range(sheet, edit.span)
        return {"range": ranges[edit.span], "newText": text}

    items: list[dict[str, Any]] = []
    for entry in entries:
        text = entry.edit.text if snippets or not entry.snippet else plain_snippet(entry.edit.text)
        item = {"label": entry.label, "kind": _completion_kind(entry.kind), "textEdit": written(entry.edit, text)}
        if entry.detail:
            item["detail"] = entry.detail
        if entry.documentation:
            about = entry.documentation
            item["documentation"] = {"kind": markup.value, "value": about} if markup is not None else about
        if entry.sort:
            item["sortText"] = entry.sort
        if entry.filter:
            item["filterText"] = entry.filter
        if entry.snippet and snippets:
            item["insertTextFormat"] = types.InsertTextFormat.Snippet.value
        if entry.extra:
            item["additionalTextEdits"] = [written(edit, edit.text) for edit in entry.extra]
        items.append(item)
    return items


@cache
def _completion_kind(name: str) -> int:
    return types.CompletionItemKind[pascal(name)].value


def _written_range(sheet: Sheet, span: Span) -> dict[str, Any]:
    places = (sheet.lines.position(offset, sheet.encoding) for offset in span)
    start, end = ({"line": line, "character": character} for line, character in places)
    return {"start": start, "end": end}


def to_lsp_symbol(sheet: Sheet, symbol: "results.Symbol") -> types.DocumentSymbol:
    """An entry of the outline, with what is in it."""
    return types.DocumentSymbol(
        name=symbol.name or "?",
        kind=types.SymbolKind[pascal(symbol.kind)],
        range=sheet.range(symbol.span),
        selection_range=sheet.range(symbol.selection),
        detail=symbol.detail or None,
        children=[to_lsp_symbol(sheet, child) for child in symbol.children] or None,
    )


def to_lsp_folding(sheet: Sheet, folding: "results.Folding") -> types.FoldingRange | None:
    """A folding range by whole lines, None where it has less than two."""
    start, end = sheet.position(folding.span.start).line, sheet.position(folding.span.end).line
    if end <= start:
        return None
    return types.FoldingRange(start, end, kind=folding.kind, collapsed_text=folding.collapsed or None)


def to_lsp_tokens(sheet: Sheet, tokens: Sequence["results.Token"]) -> list[int]:
    """Semantic tokens in LSP's relative form, ordered by place. A token that spans lines is left out."""
    from orch.ide.token_kinds import TOKEN_KINDS, TOKEN_MODIFIERS

    data: list[int] = []
    last_line = last_start = 0
    for token in sorted(tokens, key=lambda token: token.span):
        line, start = sheet.lines.position(token.span.start, sheet.encoding)
        end_line, end = sheet.lines.position(token.span.end, sheet.encoding)
        if end_line != line or end <= start:
            continue
        modifiers = sum(1 << TOKEN_MODIFIERS.index(name) for name in token.modifiers)
        shift = start - last_start if line == last_line else start
        data += (line - last_line, shift, end - start, TOKEN_KINDS.index(token.kind), modifiers)
        last_line, last_start = line, start
    return data


def to_lsp_signature(
    help_: "results.SignatureHelp", encoding: Encoding, markup: types.MarkupKind | None
) -> types.SignatureHelp:
    """How a call is written. Labels of parameters count in the client's encoding, as positions do."""
    label = LineIndex(help_.label)
    units = [tuple(label.position(offset, encoding)[1] for offset in span) for span in help_.parameters]
    documentation = _marked(help_.documentation, markup) if help_.documentation else None
    signature = types.SignatureInformation(
        label=help_.label,
        documentation=documentation,
        parameters=[types.ParameterInformation(label=(pair[0], pair[1])) for pair in units],
        active_parameter=help_.active,
    )
    return types.SignatureHelp([signature], active_signature=0, active_parameter=help_.active)


def to_lsp_workspace_edit(
    changes: Iterable[tuple[Sheet, int | None, Iterable[TextEdit]]], versioned: bool
) -> types.WorkspaceEdit:
    """Edits of several documents; with their versions where the client can check them."""
    if not versioned:
        plain: Mapping[str, list[types.TextEdit]] = {
            sheet.uri: to_lsp_edits(sheet, edits) for sheet, _, edits in changes
        }
        return types.WorkspaceEdit(changes=dict(plain))
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(uri=sheet.uri, version=version),
                list[Any](to_lsp_edits(sheet, edits)),
            )
            for sheet, version, edits in changes
        ]
    )


def _marked(text: str, markup: types.MarkupKind | None) -> types.MarkupContent | str:
    return types.MarkupContent(markup, text) if markup is not None else text


@cache
def pascal(name: str) -> str:
    """`enum_member` as LSP's enumerations write it: `EnumMember`."""
    return "".join(word.capitalize() for word in name.split("_"))


def plain_snippet(text: str) -> str:
    """The text of a snippet without its tab stops: `${1:name}` is `name`, `$0` is nothing."""
    import re

    text = re.sub(r"\$\{\d+:((?:[^}\\]|\\.)*)\}", r"\1", text)
    text = re.sub(r"\$\{\d+\|([^,|]*)[^|]*\|\}", r"\1", text)
    text = re.sub(r"(?<!\\)\$(?:\d+|\{\d+\})", "", text)
    return re.sub(r"\\([\\$}])", r"\1", text)
