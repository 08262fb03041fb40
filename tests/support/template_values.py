"""Values for every variable of Orch, to render templates under test with."""

VARIABLES = {
    "request": "add a button",
    "title": "Button",
    "feature_type": "feature",
    "today": "2026-11-21",
    "session": {"id": "1", "status": "planning", "created": ""},
    "project": {
        "name": "shop", "root": "/shop", "tree": "", "guidelines": "", "languages": ["Python"],
        "files": [{"path": "a.py", "text": "a"}, {"path": "b.py", "text": "b"}],
    },
    "body": "", "notes": {"text": "", "complexity": "", "key_files": [], "risks": [], "sections": {}},
    "analysis_result": "", "depth": "deep",
}  # fmt: skip
"""The variables of all phases, and an input `depth`."""
