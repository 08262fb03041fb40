"""Planning answers put together at random from prompts, names, wrappings and words around them."""

import random
import re
from collections.abc import Callable

PARTS = ("analysis", "implementation", "notes")

SNIPPETS = (
    "You are a senior engineer. Study the code carefully.",
    "Do this step by step and report what you find.",
    "- first point\n- second point\n- third point without a full stop",
    "1. Read `src/main.py`.\n2. Run the tests.\n3. Write down what you saw.",
    "```python\ndef f(x):\n    return x\n```",
    "```\nsrc/\n  app/\n```",
    "Run:\n```\nmake all\n```",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "> quoted words of the customer",
    "<context>\nThe shop runs on Django.\n</context>",
    "- [ ] tests pass\n- [ ] docs updated",
    "When you are finished, write EXECUTION NOTES for the next engineer.",
    "The ANALYSIS TEMPLATE was used before this one.",
    "**Important:** never touch `legacy/`.",
    "[PASTE ANALYSIS RESULTS HERE]",
    "1. **Setup**\n\n   ```sh\n   make setup\n   ```\n2. **Check**\n   - all green",
    "Questions:\n\n    indented code\n\nEnd of questions.",
    "Answer in this form:\n\n```markdown\n# Result\n\nText\n```",
    "First this.\n\n---\n\nThe rule above is part of the prompt.",
    "Use these headings:\n\n### Summary\n### Findings\n### Next",
)
HEADINGS = (
    "Role",
    "Context",
    "Implementation",
    "Analysis",
    "Notes",
    "Steps",
    "Phase 1: Setup",
    "Execution",
    "1. Overview",
)
NOTES = (
    "Complexity: Medium\nTime estimate: 3 days\nKey files:\n- a/b.py\n- c.ts\nRisks:\n- x — y",
    "**Complexity:** High\n**Time Estimate:** 2 weeks\n\n**Risks:**\n- slow. Mitigation: cache",
    "- Complexity: Low\n- Estimated time: 4 hours\n- Key files: `a.py`, `b.py`",
    "### Complexity\nMedium\n\n### Time Estimate\n16-20 hours\n\n### Rollback\nRevert.",
)
NAMES = (
    ("ANALYSIS TEMPLATE", "IMPLEMENTATION TEMPLATE", "EXECUTION NOTES"),
    ("Analysis Prompt", "Implementation Prompt", "Execution Notes"),
    ("1. ANALYSIS_TEMPLATE", "2. IMPLEMENTATION_TEMPLATE", "3. EXECUTION_NOTES"),
    ("Part 1: Analysis Template", "Part 2: Implementation Template", "Part 3: Execution Notes"),
    ("🔍 Analysis Template", "🔧 Implementation Template", "📋 Execution Notes"),
    ("Analysevorlage", "Implementierungsvorlage", "Ausführungshinweise"),
    ("分析模板", "实现模板", "执行说明"),
    ("1.0 Analysis Template", "2.0 Implementation Template", "3.0 Execution Notes"),
    ("Analysis Instructions", "Implementation Instructions", "Execution Notes"),
    ("分析テンプレート", "実装テンプレート", "実行メモ"),
)
HEADING_STYLES: tuple[Callable[[str], str], ...] = (
    lambda name: f"# {name}",
    lambda name: f"## {name}",
    lambda name: f"### {name}",
    lambda name: f"**{name}**",
    lambda name: f"**{name}:**",
    lambda name: f"=== {name} ===",
    lambda name: f"--- {name} ---",
    lambda name: f"{name}\n====================",
    lambda name: f"{'#' * 40}\n# {name}\n{'#' * 40}",
    lambda name: f"{'-' * 40}\n{name}\n{'-' * 40}",
    lambda name: f"【{name}】",
)
WRAPPINGS = ("none", "markdown", "bare", "longer", "tildes", "tag")
CLOSINGS = (
    "Let me know if you want me to adjust anything!",
    "**Next steps:** run the analysis prompt first, then the implementation prompt.",
)
TAGS = {"analysis": "analysis_template", "implementation": "implementation_template", "notes": "execution_notes"}


def composed_answer(seed: int) -> tuple[str, dict[str, str]]:
    """An answer and the texts of the parts that are in it; the same for the same seed."""
    chance = random.Random(seed)
    parts = {"analysis": _body(chance), "implementation": _body(chance), "notes": chance.choice(NOTES)}
    names = dict(zip(PARTS, chance.choice(NAMES), strict=True))
    order = list(PARTS)
    if chance.random() < 0.2:
        chance.shuffle(order)
    heading, wrapping = chance.choice(HEADING_STYLES), chance.choice(WRAPPINGS)
    rule = chance.random() < 0.3
    pieces = [_introduction(chance, [names[part] for part in order])]
    for part in order:
        if rule:
            pieces.append("---")
        pieces += [_wrapped(parts[part], part, wrapping)] if wrapping == "tag" else [
            heading(names[part]),
            _wrapped(parts[part], part, wrapping),
        ]  # fmt: skip
    if chance.random() < 0.3:
        pieces.append("---\n\n" + chance.choice(CLOSINGS))
    text = "\n\n".join(piece for piece in pieces if piece) + "\n"
    if chance.random() < 0.1:
        text = "".join(f"  {line}" if line.strip() else line for line in text.splitlines(keepends=True))
    return (text.replace("\n", "\r\n") if chance.random() < 0.1 else text), parts


def _body(chance: random.Random) -> str:
    pieces = []
    for _ in range(chance.randint(2, 7)):
        if chance.random() < 0.35:
            pieces.append("#" * chance.randint(1, 4) + " " + chance.choice(HEADINGS))
        pieces.append(chance.choice(SNIPPETS))
    return "\n\n".join(pieces)


def _introduction(chance: random.Random, names: list[str]) -> str:
    return chance.choice(
        (
            "",
            "Sure, here is the plan.",
            "Orch-Session: 8f14e45f",
            "I have prepared the ANALYSIS TEMPLATE, the IMPLEMENTATION TEMPLATE and the EXECUTION NOTES for you.",
            "\n".join(f"- {name}" for name in names),
            "<think>\n## ANALYSIS TEMPLATE\ndraft\n</think>",
        )
    )


def _wrapped(text: str, part: str, wrapping: str) -> str:
    if wrapping == "tag":
        return f"<{TAGS[part]}>\n{text}\n</{TAGS[part]}>"
    longest = max((len(run) for run in re.findall(r"^ *(`{3,})", text, re.MULTILINE)), default=2)
    opener, closer = {
        "none": ("", ""),
        "markdown": ("```markdown\n", "\n```"),
        "bare": ("```\n", "\n```"),
        "longer": ("`" * (longest + 1) + "md\n", "\n" + "`" * (longest + 1)),
        "tildes": ("~~~\n", "\n~~~"),
    }[wrapping]
    return opener + text + closer
