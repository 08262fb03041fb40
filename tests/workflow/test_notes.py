"""The fields of execution notes, in the forms that models give them."""

import pytest

from orch.model.session import Risk
from orch.workflow.notes import note_sections, read_notes


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Complexity: medium-high", "medium-high"),
        ("**Complexity:** High", "high"),
        ("- **Overall Complexity**: Low to Medium", "low-medium"),
        ("### Complexity\n**Medium** – two services change", "medium"),
        ("Complexity Level: 7/10", "medium-high"),
        ("Complexity: 3 out of 5", "medium"),
        ("Complexity: ⭐⭐⭐⭐☆", "medium-high"),
        ("Complexity: Moderately complex", "medium-high"),
        ("Complexity: High (because of the low test coverage)", "high"),
        ("| Complexity | Medium |", "medium"),
        ("<complexity>low</complexity>", "low"),
        ("Estimated complexity is not given", None),
        ("Complexity: depends on the team", None),
        ("Complexity: low to high", None),
        ("Komplexität: mittel bis hoch", "medium-high"),
        ("Complexité : élevée", "high"),
        ("Сложность: низкая", "low"),
        ("复杂度：中高", "medium-high"),
        ("1. Complexity: Simple", "low"),
        ("Complexity: 12/10", None),
        ("- Overall complexity – Low to Medium", "low-medium"),
        ("Complexity: Low for the server, High for the client", None),
        ("Complexity: Medium - High", "medium-high"),
        ("Complexity: 8 (High)", "high"),
        ("Complexity - high", "high"),
        ("Complexity: Not high, rather medium", None),
        ("Complexity: Low, medium or high", None),
    ],
)
def test_complexity(line: str, expected: str | None) -> None:
    assert read_notes(line).complexity == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Estimated Time: 16-20 hours broken down by phase\n  - Analysis: 2 hours", "16-20 hours"),
        ("Estimated Time: 16-20 hours total", "16-20 hours"),
        ("Time estimate: 12-16 hours (2 developer days)", "12-16 hours (2 developer days)"),
        ("**Time Estimate**: ~3 days.", "~3 days"),
        ("Effort: Total: 5 days", "5 days"),
        ("## Time Estimate\n\n- Analysis: 2h\n- Coding: 6h\n- **Total: 8h**", "8h"),
        ("Timeline:\n- Week 1: 3 days\n- Week 2: 2 days", "Week 1: 3 days; Week 2: 2 days"),
        (
            "Time: about two weeks of work, if nothing else comes up in the meantime and the API is stable",
            "about two weeks",
        ),
        (
            "ETA: roughly 3 days for a developer who knows the code base, a week for one who does not",
            "roughly 3 days",
        ),
        ("Zeitaufwand: 10–12 Stunden", "10–12 Stunden"),
        ("Time estimate:", None),
        ("Level of effort: 3 days", "3 days"),
        ("Total estimate: 3 days", "3 days"),
        ("Complexity: Low | Time estimate: 2 hours", "2 hours"),
        ("Effort: M\nTime estimate: 5 hours", "5 hours"),
        ("Complexity — Medium\nTime — 2 days", "2 days"),
        ("Complexity: Low. Time estimate: 4 hours. Key files: `a.py`.", "4 hours"),
    ],
)
def test_time_estimate(text: str, expected: str | None) -> None:
    assert read_notes(text).time_estimate == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Key files:\n- src/a.py (the model)\n- src/b.py - the view\n- `c.ts`: x",
            ["src/a.py", "src/b.py", "c.ts"],
        ),
        ("Key Files to Focus On: `a.go`, `b/c.go` and `d.go`", ["a.go", "b/c.go", "d.go"]),
        ("Key files to create/modify:\n- New: `a.go`\n- Modified: `b.go`", ["a.go", "b.go"]),
        ("Key files:\n- [src/a.go](src/a.go)\n- [the client](src/b.go)", ["src/a.go", "src/b.go"]),
        (
            "**Key Files**\n1. **`src/x.rs`** – core\n2. Create `src/y.rs`\n3. tests/",
            ["src/x.rs", "src/y.rs", "tests/"],
        ),
        (
            "### Files to modify\n| File | Change |\n|---|---|\n| `a.py` | new |\n| Makefile | target |",
            ["a.py", "Makefile"],
        ),
        (
            "Key files:\n- Backend: `api/app.py`, `api/db.py`\n- The database layer\n- CI/CD",
            ["api/app.py", "api/db.py"],
        ),
        (
            "Key files:\n- app/[slug]/page.tsx\n- app/(auth)/login.tsx (new)",
            ["app/[slug]/page.tsx", "app/(auth)/login.tsx"],
        ),
        ("Key files:\n- src/a.py:120-140\n- src/b.py#L3\n- src/a.py", ["src/a.py", "src/b.py"]),
        ("Key files:\n```\nsrc/a.c\nsrc/b.c\n```", ["src/a.c", "src/b.c"]),
        ("Key files:\n- src/\n  - a.py\n  - does things", ["src/", "a.py"]),
        ("Key files: none yet", []),
        ("关键文件：src/a.py、docs/b.md", ["src/a.py", "docs/b.md"]),
        ("Key files:\n- 📄 src/a.py\n- 📄 docs/b.md", ["src/a.py", "docs/b.md"]),
        ("Primary files: src/a.py / docs/b.md", ["src/a.py", "docs/b.md"]),
        (
            "Key files:\n- db/migrate/ (new migration)\n- src/a.py (new file)\n- `b.py` (modify the loop)",
            ["db/migrate/", "src/a.py", "b.py"],
        ),
    ],
)
def test_key_files(text: str, expected: list[str]) -> None:
    assert list(read_notes(text).key_files) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Risks:\n- Data loss — take a backup", [("Data loss", "take a backup")]),
        ("Risks:\n- Data loss -> take a backup", [("Data loss", "take a backup")]),
        ("Risks:\n- Data loss (mitigation: take a backup)", [("Data loss", "take a backup")]),
        ("Risks:\n- Risk: Data loss\n  Mitigation: take a backup", [("Data loss", "take a backup")]),
        (
            "Risks:\n- Risk: Data loss\n- Mitigation: take a backup\n- Risk: Heat\n- Mitigation: a fan",
            [("Data loss", "take a backup"), ("Heat", "a fan")],
        ),
        (
            "Key Risks:\n1. **Data loss**\n   - Risk: rows vanish\n   - Impact: high\n   - Mitigation: a backup",
            [("Data loss: rows vanish", "a backup")],
        ),
        (
            "Key Risks:\n1. Data loss: rows vanish\n  - Mitigation: a backup\n  - test it",
            [("Data loss: rows vanish", "a backup; test it")],
        ),
        (
            "### Risks\n| Risk | Impact | Mitigation |\n|---|---|---|\n| Data loss | high | a backup |",
            [("Data loss", "a backup")],
        ),
        (
            "### Risks\n#### Risk 1: Data loss\nRows vanish.\n**Mitigation:** a backup",
            [("Data loss: Rows vanish.", "a backup")],
        ),
        (
            "Risks:\n- **Slow** – many rows\n- **Wrong** – old cache; mitigation: version the keys",
            [("Slow – many rows", ""), ("Wrong – old cache", "version the keys")],
        ),
        ("Risks: none known", []),
        ("Risks:\n- None.", []),
        ("Risks & mitigations:\n- **Leak**: rotate keys", [("Leak", "rotate keys")]),
        ("Risks:\n- A logout (mitigated by a grace period)", [("A logout", "a grace period")]),
        ("Risks:\n- Slow → an index\n- Wrong. Mitigation: a test", [("Slow", "an index"), ("Wrong", "a test")]),
        ("Risiken:\n- Datenverlust – Maßnahme: Sicherung", [("Datenverlust", "Sicherung")]),
        ("风险：\n- 数据丢失，缓解措施：备份", [("数据丢失", "备份")]),
        (
            "Risk 1: A breaks\nMitigation: B\n\nRisk 2: C leaks\nMitigation: D",
            [("A breaks", "B"), ("C leaks", "D")],
        ),
        ("Risk: A breaks\nMitigation: B\nRisk: C leaks\nMitigation: D", [("A breaks", "B"), ("C leaks", "D")]),
        ("Risks:\n\nRisk 1: A\nMitigation 1: B\n\nRisk 2: C\nMitigation 2: D", [("A", "B"), ("C", "D")]),
        ("Risks:\n- A\n\n  Mitigation: B\n\n- C\n\n  Mitigation: D", [("A", "B"), ("C", "D")]),
        ("Risks:\n- A breaks\n  → B\n- 🔴 C leaks\n  → D", [("A breaks", "B"), ("C leaks", "D")]),
        ("Risks & Mitigations:\n- A breaks: B\n- C leaks: D", [("A breaks", "B"), ("C leaks", "D")]),
        (
            "| Risk | Mitigation |\n|---|---|\n| A breaks | B |\n| C leaks | D |",
            [("A breaks", "B"), ("C leaks", "D")],
        ),
        ("Risk: Low", []),
    ],
)
def test_risks(text: str, expected: list[tuple[str, str]]) -> None:
    assert read_notes(text).risks == tuple(Risk(*pair) for pair in expected)


def test_json_notes() -> None:
    notes = read_notes(
        '{"complexity": "High", "timeEstimate": {"analysis": "1 day", "total": "3 days"}, "key_files": '
        '[{"path": "a.py", "why": "x"}, "b/"], "risks": [{"title": "R", "mitigation": ["one", "two"]}]}'
    )
    assert (notes.complexity, notes.time_estimate, notes.key_files) == ("high", "3 days", ("a.py", "b/"))
    assert notes.risks == (Risk("R", "one; two"),)


def test_the_first_label_that_says_something_counts() -> None:
    assert read_notes("Complexity:\n\nComplexity: Low\nComplexity: High").complexity == "low"


def test_labels_in_code_are_none() -> None:
    assert read_notes("```python\nComplexity: High\n```").complexity is None


def test_notes_in_a_plain_fence_are_read() -> None:
    assert read_notes("```yaml\ncomplexity: high\n```").complexity == "high"


def test_sections_are_what_is_left() -> None:
    text = "# Notes\n\n## Complexity\nLow\n\n## Rollback Plan\n1. Revert\n\n### Detail\nx\n\n## Rollout\nSlowly."
    assert note_sections(text) == {"Rollback Plan": "1. Revert\n\n### Detail\nx", "Rollout": "Slowly."}


def test_sections_of_labels_keep_what_stands_under_them() -> None:
    text = "Feature: X\nComplexity: low\n\nTesting:\n- unit\n  - fast\n\n**Rollback:** revert\n"
    assert note_sections(text) == {"Feature": "X", "Testing": "- unit\n  - fast", "Rollback": "revert"}


def test_sections_that_come_twice_are_joined() -> None:
    assert note_sections("## A\none\n## A\ntwo") == {"A": "one\n\ntwo"}
