"""What the client said it can do, read once from `initialize`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lsprotocol import types


@dataclass(frozen=True, slots=True)
class Client:
    """The client's abilities that make a difference to what Orch sends.

    `commands` are the names of its own commands, from `initializationOptions.clientCommands`: a list of names,
    each of which it runs with the one JSON object that the lens carries. `models` is whether it can run models of
    its own (`client_model.py`), `run_text` whether it wants the text of every run as it comes, and `choice` what
    the person chose to run prompts with.
    """

    name: str = ""
    apply_edit: bool = False
    versioned_edits: bool = False
    show_document: bool = False
    progress: bool = False
    watched_files: bool = False
    snippets: bool = False
    related: bool = False
    literal_actions: bool = False
    nested_symbols: bool = False
    hover_markup: types.MarkupKind | None = None
    completion_markup: types.MarkupKind | None = None
    signature_markup: types.MarkupKind | None = None
    refresh_lenses: bool = False
    commands: frozenset[str] = frozenset()
    models: bool = False
    run_text: bool = False
    choice: "RunChoice | None" = None


@dataclass(frozen=True, slots=True)
class RunChoice:
    """A runner's name, and what a lens calls it."""

    runner: str
    title: str


def read_client(params: types.InitializeParams) -> Client:
    """The client that sent `params`. What it does not mention it cannot do."""
    has = _Lookup(params.capabilities)
    return Client(
        name=params.client_info.name if params.client_info else "",
        apply_edit=has("workspace", "apply_edit"),
        versioned_edits=has("workspace", "workspace_edit", "document_changes"),
        show_document=has("window", "show_document", "support"),
        progress=has("window", "work_done_progress"),
        watched_files=has("workspace", "did_change_watched_files", "dynamic_registration"),
        snippets=has("text_document", "completion", "completion_item", "snippet_support"),
        related=has("text_document", "publish_diagnostics", "related_information"),
        literal_actions=has("text_document", "code_action", "code_action_literal_support"),
        nested_symbols=has("text_document", "document_symbol", "hierarchical_document_symbol_support"),
        hover_markup=_markup(has.value("text_document", "hover", "content_format")),
        completion_markup=_markup(
            has.value("text_document", "completion", "completion_item", "documentation_format")
        ),
        signature_markup=_markup(
            has.value("text_document", "signature_help", "signature_information", "documentation_format")
        ),
        refresh_lenses=has("workspace", "code_lens", "refresh_support"),
        commands=_client_commands(params.initialization_options),
        models=_option(params, "clientModels") is True,
        run_text=_option(params, "clientRunText") is True,
        choice=run_choice(_option(params, "clientRunChoice")),
    )


def run_choice(given: object) -> RunChoice | None:
    """`{runner, title}` of a client; None where it is none or not as it should be."""
    runner, title = (_field(given, name) for name in ("runner", "title"))
    if not isinstance(runner, str) or not runner:
        return None
    return RunChoice(runner, " ".join(title.split())[:60] if isinstance(title, str) and title.strip() else runner)


def _option(params: types.InitializeParams, name: str) -> object:
    return _field(params.initialization_options, name)


def _field(given: object, name: str) -> object:
    return given.get(name) if isinstance(given, Mapping) else getattr(given, name, None)


def _markup(formats: object) -> types.MarkupKind | None:
    """Markdown where the client takes it, else plain text; None, for bare strings, where it says nothing."""
    if not isinstance(formats, list | tuple) or not formats:
        return None
    return types.MarkupKind.Markdown if types.MarkupKind.Markdown in formats else types.MarkupKind.PlainText


class _Lookup:
    def __init__(self, capabilities: types.ClientCapabilities) -> None:
        self._capabilities = capabilities

    def __call__(self, *names: str) -> bool:
        return bool(self.value(*names))

    def value(self, *names: str) -> Any:
        value: Any = self._capabilities
        for name in names:
            value = getattr(value, name, None)
        return value


def _client_commands(options: Any) -> frozenset[str]:
    given = options.get("clientCommands") if isinstance(options, Mapping) else None
    return frozenset(name for name in given if isinstance(name, str)) if isinstance(given, list) else frozenset()
