"""What the runs of a session took, in words for people."""

from orch.model.session import Cost
from orch.text.figures import amount, duration


def cost_words(cost: Cost) -> str:
    """Such as `3 runs, 2.1 min, 5.1k tokens in, 1.4k out`, without what nobody told; empty without a run."""
    if not cost.runs:
        return ""
    parts = ["1 run" if cost.runs == 1 else f"{cost.runs} runs"]
    if cost.seconds is not None:
        parts.append(duration(cost.seconds))
    if words := token_words(cost.input_tokens, cost.output_tokens):
        parts.append(words)
    return ", ".join(parts)


def token_words(read: float | None, written: float | None) -> str:
    """Tokens that a model read and wrote; empty where neither is known."""
    if read is None and written is None:
        return ""
    if written is None:
        return f"{amount(read)} tokens in"
    return f"{amount(written)} tokens out" if read is None else f"{amount(read)} tokens in, {amount(written)} out"
