"""`check` finds what the editor finds, in the files that were meant, and says so of those that it cannot read."""

import os
from pathlib import Path

import pytest

from orch.commands.check import Report, check
from orch.commands.check_files import Workspace
from orch.commands.open_project import open_project
from orch.commands.outcome import Refusal
from orch.commands.project import Project
from orch.render.port import Renderer
from orch.rules.finding import Severity
from orch.storage.disk import DiskStorage
from orch.storage.locate import user_config

SESSION = """\
schema = 1
id = "8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21"
title = "Login"
status = "planing"
feature_type = "feature"
project = "shop"
created = 2026-11-21T02:10:00Z

[request]
text = "Add a login"
"""


class Shop:
    """A project on disk."""

    def __init__(self, root: Path, renderer: Renderer) -> None:
        self.root = root
        self._renderer = renderer

    def write(self, name: str, text: str | bytes) -> Path:
        """Writes a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def check(self, *paths: str) -> Report:
        """What a check from the project's root gives."""
        report = check(self.workspace(), [self.root / path for path in paths])
        assert isinstance(report, Report)
        return report

    def workspace(self) -> Workspace:
        """The workspace of a check from the project's root."""

        def opened(root: Path) -> Project:
            return open_project(root, DiskStorage(root, user_config()), self._renderer)

        return Workspace(self.root, opened, DiskStorage(self.root))

    def rules(self, *paths: str) -> list[tuple[str, str]]:
        """(file, rule) of all that was found."""
        return [
            (problem.path.relative_to(self.root).as_posix(), problem.rule)
            for problem in self.check(*paths).problems
        ]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renderer: Renderer) -> Shop:
    """A project with a template that has a defect, a good one and a session."""
    monkeypatch.setenv("ORCH_CONFIG_HOME", str(tmp_path / "config"))
    made = Shop(tmp_path / "shop", renderer)
    made.write(".orch/templates/bad.md.j2", "# Role\n\n😀 {{ requst }}\n")
    made.write(".orch/templates/lib/good.md.j2", "{{ request }}\n")
    made.write(".orch/sessions/2026-11-21-login-8f14e45f.orch", SESSION)
    return made


def test_without_paths_the_sessions_and_templates_of_the_project_are_checked(shop: Shop) -> None:
    shop.write("other/prompt.md.j2", "{{ nothing }}")
    report = shop.check()
    assert report.files == 3
    assert [(problem.rule, problem.severity) for problem in report.problems] == [
        ("invalid-value", Severity.ERROR),
        ("undefined-variable", Severity.ERROR),
    ]


def test_places_count_from_one_and_in_code_points(shop: Shop) -> None:
    (problem,) = shop.check(".orch/templates").problems
    at = problem.region
    assert (at.line, at.column, at.end_line, at.end_column) == (3, 6, 3, 12)


def test_a_folder_gives_its_sessions_and_the_templates_of_layers(shop: Shop) -> None:
    shop.write("ansible/site.conf.j2", "{{ nothing }}")
    shop.write("node_modules/x/.orch/templates/a.md.j2", "{{ nothing }}")
    shop.write("env/pyvenv.cfg", "")
    shop.write("env/.orch/templates/a.md.j2", "{{ nothing }}")
    shop.write("nested/.orch/templates/a.md.j2", "{{ nothing }}")
    found = [(path, rule) for path, rule in shop.rules(".") if rule == "undefined-variable"]
    assert found == [
        (".orch/templates/bad.md.j2", "undefined-variable"),
        ("nested/.orch/templates/a.md.j2", "undefined-variable"),
    ]


def test_a_template_that_is_named_is_checked_wherever_it_lies(shop: Shop) -> None:
    shop.write("ansible/site.conf.j2", "{% if %}")
    assert ("ansible/site.conf.j2", "syntax-error") in shop.rules("ansible/site.conf.j2")
    assert shop.rules("ansible") == []


def test_a_file_that_is_named_twice_is_checked_once(shop: Shop) -> None:
    assert shop.check(".orch/templates/bad.md.j2", ".orch/templates", ".orch").files == 3


def test_other_templates_are_seen(shop: Shop) -> None:
    shop.write(".orch/templates/a.md.j2", "{% include 'b' %}{% include 'lib/good' %}")
    shop.write(".orch/templates/b.md.j2", "{% include 'a' %}")
    assert shop.rules(".orch/templates/a.md.j2") == [(".orch/templates/a.md.j2", "circular-template")]
    (problem,) = shop.check(".orch/templates/a.md.j2").problems
    assert [note.path.name for note in problem.notes] == ["b.md.j2"]


def test_the_configuration_says_how_much_a_rule_matters(shop: Shop) -> None:
    shop.write(".orch/config.toml", '[diagnostics]\nundefined-variable = "hint"\ninvalid-value = "off"\n')
    (problem,) = shop.check().problems
    assert problem.severity is Severity.HINT
    assert not shop.check().fails(Severity.INFO)
    assert shop.check().fails(Severity.HINT)


def test_the_configuration_says_which_tags_there_are(shop: Shop) -> None:
    shop.write(".orch/templates/do.md.j2", "{% for a in request %}{% break %}{% endfor %}{% break %}")
    without = [problem.rule for problem in shop.check(".orch/templates/do.md.j2").problems]
    shop.write(".orch/config.toml", '[jinja]\nextensions = ["loopcontrols"]\n')
    with_loopcontrols = [problem.rule for problem in shop.check(".orch/templates/do.md.j2").problems]
    assert without == ["unknown-tag", "unknown-tag"]
    assert with_loopcontrols == ["misplaced-tag"]


def test_what_a_comment_suppresses_is_not_told(shop: Shop) -> None:
    shop.write(".orch/templates/bad.md.j2", "{{ requst }} {# orch: ignore[undefined-variable] #}\n")
    assert shop.rules(".orch/templates") == []


def test_a_byte_order_mark_is_no_part_of_a_template(shop: Shop) -> None:
    shop.write(".orch/templates/bad.md.j2", "\ufeff+++\n[inputs.tone]\n+++\n{{ tone }}\n")
    assert shop.rules(".orch/templates") == []


def test_files_that_cannot_be_read_are_told_in_one_sentence_each(shop: Shop) -> None:
    shop.write(".orch/templates/binary.md.j2", b"\xff\xfe\x00")
    report = shop.check(".orch/templates", "gone.md.j2", "README.md")
    shop.write("README.md", "x")
    assert len(report.unread) == 3
    assert report.unread[0].startswith("There is no file or folder gone.md.j2.")
    assert any("binary.md.j2" in sentence for sentence in report.unread)
    assert [problem.rule for problem in report.problems] == ["undefined-variable"]
    assert report.fails(Severity.ERROR)
    assert shop.check("README.md").unread == ("README.md is neither a session (.orch) nor a template (.j2).",)


def test_a_link_out_of_the_project_is_not_followed(shop: Shop) -> None:
    secret = shop.root.parent / "secret.md.j2"
    secret.write_text("{{ nothing }}")
    (shop.root / ".orch/templates/link.md.j2").symlink_to(secret)
    report = shop.check(".orch/templates/link.md.j2")
    assert not report.problems
    assert "symbolic link" in report.unread[0]


def test_without_a_project_files_are_checked_by_themselves(tmp_path: Path, renderer: Renderer) -> None:
    lonely = Shop(tmp_path / "lonely", renderer)
    lonely.write("a.md.j2", "{{ request | nothing }}{% include 'unknown' %}")
    lonely.write("b.orch", SESSION)
    assert lonely.rules("a.md.j2", "b.orch") == [("a.md.j2", "unknown-filter"), ("b.orch", "invalid-value")]
    refused = check(lonely.workspace(), [])
    assert isinstance(refused, Refusal)
    assert refused.sentence == "There is no project of Orch here; name the files or folders to check."


def test_progress_is_told(shop: Shop) -> None:
    told: list[tuple[int, int]] = []
    check(shop.workspace(), [], lambda done, of: told.append((done, of)))
    assert told == [(0, 3), (1, 3), (2, 3)]


@pytest.mark.parametrize("name", ["a\nb.md.j2", "ä ö.md.j2"])
def test_odd_names_are_no_trouble(shop: Shop, name: str) -> None:
    if os.name == "nt" and "\n" in name:
        name = "a b.md.j2"
    shop.write(f".orch/templates/{name}", "{{ request }}{% if %}")
    assert len(shop.check(f".orch/templates/{name}").problems) >= 1
