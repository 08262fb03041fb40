"""The corpus of public templates: what counts as a template, what as a disagreement, and what is told of it."""

import zipfile
from pathlib import Path

import pytest
from bench.corpus import Judged, Sample, look, main, read_judged, samples

from bench import corpus


def _wheel(folder: Path, files: dict[str, str], name: str = "shop_prompts-1.0-py3-none-any.whl") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        for entry, text in files.items():
            archive.writestr(entry, text)
    return path


def test_templates_are_found_by_their_ending_their_signs_and_in_programs(tmp_path: Path) -> None:
    program = (
        '"""Documentation with {% if x %} in it."""\n'
        "NAME = 'plain'\n"
        "PROMPT = '{% if x %}a{% endif %}'\n"
        "def f():\n    'more of it {% for %}'\n    return '{{ only }} braces'\n"
    )
    wheel = _wheel(
        tmp_path,
        {
            "shop/plain.j2": "no tags at all",
            "shop/page.html": "<b>{{ x }}</b>",
            "shop/none.html": "<b>x</b>",
            "shop/data.json": "{{ x }}",
            "shop/prompts.py": program,
            "shop/broken.py": "def (: '{% if x %}'",
        },
    )
    found = [(sample.name, sample.text) for sample in samples(wheel)]
    assert found == [
        ("shop/plain.j2", "no tags at all"),
        ("shop/page.html", "<b>{{ x }}</b>"),
        ("shop/prompts.py:3", "{% if x %}a{% endif %}"),
    ]
    assert {sample.package for sample in samples(wheel)} == {"shop_prompts"}


def test_both_accept_a_template_and_its_variables_count_as_declared() -> None:
    looked = look(Sample("p", "a.j2", "{{ tone }}{% for x in things %}{{ x.y }}{% endfor %}"))
    assert looked.accepted
    assert looked.disagreements == ()
    assert looked.findings == ()


def test_both_refuse_a_template() -> None:
    looked = look(Sample("p", "a.j2", "{% if %}"))
    assert not looked.accepted
    assert looked.disagreements == ()


def test_a_finding_in_what_jinja_accepts_is_listed_unless_nobody_can_know() -> None:
    text = "{{ x | of_their_own }}{% include 'elsewhere' %}{% set a = 1 %}{% macro m(b, b) %}{{ b }}{% endmacro %}"
    looked = look(Sample("p", "a.j2", text))
    assert [finding.rule for finding in looked.findings] == ["duplicate-argument"]


def test_a_disagreement_on_the_syntax_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "jinja_verdict", lambda *_: ValueError("no"))
    looked = look(Sample("p", "a.j2", "{{ a }}"))
    assert looked.disagreements == ("the syntax: Jinja says: no",)


def test_names_that_jinja_does_not_call_undeclared_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "_undeclared", lambda _: frozenset())
    looked = look(Sample("p", "a.j2", "{{ tone }}"))
    assert looked.disagreements == ("names that Jinja does not call undeclared: tone",)


def test_the_list_of_judged_findings_is_read() -> None:
    text = "# why\np | *.j2 | unused-variable | `x` is\n\nq | b.j2 | loop-scope | This\n"
    assert read_judged(text) == [
        Judged("p", "*.j2", "unused-variable", "`x` is"),
        Judged("q", "b.j2", "loop-scope", "This"),
    ]
    with pytest.raises(ValueError, match="values to unpack"):
        read_judged("p | only two\n")


def test_the_list_in_the_repository_can_be_read() -> None:
    assert all(entry.words for entry in read_judged(corpus.JUDGED.read_text(encoding="utf-8")))


TWICE = "{% macro m(b, b) %}{{ b }}{% endmacro %}"


@pytest.mark.parametrize(
    ("judged", "code", "told"),
    [
        ("", 1, "a.j2:1: OPEN error duplicate-argument The parameter `b` is declared twice."),
        (
            "shop_prompts | a.* | duplicate-argument | The parameter",
            0,
            "1 findings that are right, 0 that are false",
        ),
        ("shop_prompts | b.j2 | duplicate-argument | The parameter", 1, "OPEN"),
        ("other | a.j2 | duplicate-argument | The parameter", 1, "OPEN"),
        ("shop_prompts | a.j2 | unused-macro | The parameter", 1, "OPEN"),
        ("shop_prompts | a.j2 | duplicate-argument | A parameter", 1, "OPEN"),
    ],
)
def test_only_what_was_judged_right_is_right(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    judged: str,
    code: int,
    told: str,
) -> None:
    _wheel(tmp_path, {"a.j2": TWICE, "c.j2": "{% if %}"})
    judgements = tmp_path / "judged.txt"
    judgements.write_text(judged, encoding="utf-8")
    monkeypatch.setattr(corpus, "JUDGED", judgements)
    assert main([str(tmp_path)]) == code
    output = capsys.readouterr().out
    assert told in output
    assert "2 templates of 1 packages, 1 of which Jinja accepts: 0 disagreements" in output


def test_all_lists_what_is_right_as_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "{% set all = [] %}{{ all.append(1) }}{{ all }}"
    _wheel(tmp_path, {"a/x.jinja2": text}, "datamodel_code_generator-1.0-py3-none-any.whl")
    assert main([str(tmp_path), "--all"]) == 0
    assert "a/x.jinja2:1: right error unsafe-attribute" in capsys.readouterr().out


def test_a_folder_without_wheels_is_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert "There are no wheels" in capsys.readouterr().err
