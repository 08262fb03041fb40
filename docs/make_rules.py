"""Writes the pages of `docs/rules/` from the rules' records: `python docs/make_rules.py`."""

from pathlib import Path

from orch.rules.pages import pages


def main() -> None:
    """Writes every page, and deletes those of rules that are gone."""
    folder = Path(__file__).parent / "rules"
    folder.mkdir(exist_ok=True)
    wanted = pages()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    for path in folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()


if __name__ == "__main__":
    main()
