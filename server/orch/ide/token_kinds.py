"""The kinds of coloured ranges, as the client is told of them when the server starts."""

TOKEN_KINDS = (
    "namespace",
    "type",
    "enumMember",
    "parameter",
    "variable",
    "property",
    "function",
    "method",
    "macro",
    "keyword",
    "comment",
    "string",
    "number",
    "operator",
    "decorator",
)
TOKEN_MODIFIERS = ("declaration", "definition", "readonly", "deprecated", "defaultLibrary", "documentation")
