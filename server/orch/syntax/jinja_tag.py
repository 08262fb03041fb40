"""One tag of a template: what is known of it from its text alone. All places are offsets in the tag's text."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from jinja2 import nodes

from orch.syntax.jinja_tokens import TagProblem, Tokens
from orch.text.span import Span

MIDDLES = frozenset({"elif", "else"})
ENDS = frozenset(
    {"endautoescape", "endblock", "endcall", "endfilter", "endfor", "endif", "endmacro", "endset", "endwith"}
)
STATEMENTS = (
    "autoescape", "block", "call", "extends", "filter", "for", "from", "if", "import", "include", "macro", "print",
    "set", "with",
)  # fmt: skip
"""The tags that Jinja knows without extensions, apart from those that close or divide others, and `raw`."""

BLOCK_WANTS: dict[str, tuple[str, ...]] = {
    "if": ("elif", "else", "endif"),
    "for": ("endfor", "else"),
    **{name: (f"end{name}",) for name in ("autoescape", "block", "call", "filter", "macro", "with")},
}
"""What may close or divide a block, by the tag that opens it; for tags that cannot be read."""

NOWHERE = Span(0, 0)
NO_TOKENS = Tokens((), (), {})


class Kind(StrEnum):
    """What a tag is: `{{ }}`, `{% %}`, `{# #}`, or all from `{% raw %}` to `{% endraw %}`."""

    OUTPUT = "output"
    STATEMENT = "statement"
    COMMENT = "comment"
    RAW = "raw"


@dataclass(slots=True, eq=False)
class Tag:
    """A tag by its text. Never changed once made, and shared by all places that hold the same text.

    `name` is the statement's name ("if", "endif"), empty where there is none; `name_span` its place. `node` is
    what Jinja's parser made of it (its bodies empty), None where the tag has a problem or is no opening or simple
    one. `wants` are the names that may close or divide the block it opens, empty when it opens none.
    `end_name` is the token that repeats a block's name in its end tag. `uses` is kept by `jinja_uses`.
    """

    kind: Kind
    text: str
    name: str = ""
    name_span: Span = NOWHERE
    tokens: Tokens = NO_TOKENS
    node: nodes.Node | None = None
    wants: tuple[str, ...] = ()
    problem: TagProblem | None = None
    end_name: int | None = None
    frames: int = 0
    uses: Any = field(default=None, repr=False)

    @property
    def divides(self) -> bool:
        """Whether the tag is an `else` or `elif`."""
        return self.name in MIDDLES

    @property
    def ends(self) -> bool:
        """Whether the tag closes a block."""
        return self.name in ENDS

    @property
    def inner(self) -> Span:
        """What stands between the delimiters and their white-space signs."""
        return inner_span(self.text)


_DELIMITERS = {"{{": ("}}", "-"), "{%": ("%}", "-+"), "{#": ("#}", "-+")}


def inner_span(text: str) -> Span:
    """Where the inside of the tag `text` is: without delimiters and the signs that control white space."""
    closing, signs = _DELIMITERS[text[:2]]
    start = 3 if text[2:3] in ("-", "+") else 2
    if not text.endswith(closing) or len(text) < start + 2:
        return Span(min(start, len(text)), len(text))
    end = len(text) - 2
    if end > start and text[end - 1] in signs:
        end -= 1
    return Span(start, end)
