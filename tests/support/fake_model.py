"""A program that answers Orch's prompts as a model would: reads a prompt, writes an answer.

It knows what it is asked by the texts of `support.projects`, and begins with the session's line as it is asked to.
"""

import re
import sys

from support.projects import planning_answer


def reply(prompt: str) -> str:
    """The answer to a prompt."""
    named = re.search(r"Orch-Session: ([0-9a-f]{8})", prompt)
    line = f"Orch-Session: {named[1]}\n\n" if named else ""
    if "# Build" in prompt:
        return f"{line}I built it in src/auth.py.\n"
    if "# Analyse" in prompt:
        return f"{line}It uses cookies; \u2028 see src/auth.py.\n"
    return line + planning_answer()


if __name__ == "__main__":
    text = sys.stdin.buffer.read().decode("utf-8")
    if not text:
        sys.exit("there was no prompt")
    sys.stdout.buffer.write(reply(text).encode("utf-8"))
