"""The page of an experiment's report: well formed, self-contained, and true to the figures."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from orch.ide.experiment_page import experiment_page
from orch.ide.experiment_plot import COLOURS, experiment_plot
from orch.library.experiment_report import Participant, Report, report
from orch.library.experiment_words import verdict_sentence
from orch.model.experiment import Arm, Experiment

SVG = "{http://www.w3.org/2000/svg}"


def made(**outcomes: tuple[int, int]) -> Report:
    """A report in which each arm has so many (successes, outcomes)."""
    arms = tuple(Arm(name, f"project:orchestrator@{number}-5d41402a") for number, name in enumerate(outcomes, 1))
    members = [
        Participant(f"{name}{number}", name, arm.version, "completed", "success" if number < wins else "failure")
        for (name, (wins, seen)), arm in zip(outcomes.items(), arms, strict=True)
        for number in range(seen)
    ]
    return report(Experiment("tone", "orchestrator", arms, salt="s", min_per_arm=5), members)


class _Checker(HTMLParser):
    """Notes what is opened and not closed, and everything that would be loaded or run."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        if tag != "meta":
            self.open.append(tag)
        if tag in ("script", "link", "img", "iframe", "object") or any(
            name.startswith("on") or name in ("src", "href", "style") for name, _ in attrs
        ):
            self.loads.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        """Closed at once."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_loads_nothing() -> None:
    found = made(a=(5, 20), b=(14, 20))
    page = experiment_page(found, verdict_sentence(found))
    checker = _Checker()
    checker.feed(page)
    assert checker.open == []
    assert checker.loads == []
    assert "default-src 'none'" in page
    assert "url(" not in page
    assert "@import" not in page


def test_the_page_tells_the_figures_and_both_themes() -> None:
    found = made(a=(5, 20), b=(14, 20))
    page = experiment_page(found, verdict_sentence(found))
    for words in ("25.0 % (11 to 47 %)", "70.0 % (48 to 85 %)", "project:orchestrator@2-5d41402a", "tone"):
        assert words in page
    assert "prefers-color-scheme: dark" in page
    assert "body.vscode-dark" in page
    assert "var(--vscode-editor-foreground" in page


def test_what_the_models_took_is_shown_where_it_is_known() -> None:
    found = made(a=(3, 6), b=(4, 6))
    assert "model time" not in experiment_page(found, "")
    first, second = found.arms
    told = replace(first, run_seconds=150.0, output_tokens=1400.0)
    page = experiment_page(replace(found, arms=(told, second)), "")
    assert page.count("<th>model time</th><th>tokens out</th>") == 1
    assert "tokens in" not in page
    assert "<td>2.5 min</td><td>1.4k</td></tr>" in page
    assert "<td>-</td><td>-</td></tr>" in page


def test_names_are_text_and_no_markup() -> None:
    found = made(**{"<script>alert(1)</script>": (1, 2), 'b" onload="x': (0, 1)})
    page = experiment_page(found, "a & b < c")
    checker = _Checker()
    checker.feed(page)
    assert checker.loads == []
    assert "a &amp; b &lt; c" in page
    ElementTree.fromstring(experiment_plot(found))


@pytest.mark.parametrize(
    "outcomes",
    [
        {"a": (0, 0), "b": (0, 0)},
        {"a": (0, 7), "b": (7, 7)},
        {"a": (1, 1), "b": (500, 1000)},
        {f"arm {number}": (number, 9) for number in range(9)},
    ],
)
def test_the_plot_is_well_formed_and_stays_in_its_frame(outcomes: dict[str, tuple[int, int]]) -> None:
    tree = ElementTree.fromstring(experiment_plot(made(**outcomes)))
    _, _, width, height = (float(part) for part in tree.attrib["viewBox"].split())
    for path in tree.iter(f"{SVG}path"):
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path.attrib["d"])]
        assert all(0 <= x <= width for x in numbers[::2])
        assert all(0 <= y <= height for y in numbers[1::2])
    dots = list(tree.iter(f"{SVG}circle"))
    assert len(dots) == sum(seen > 0 for _, seen in outcomes.values())
    assert tree.find(f"{SVG}title") is not None
    assert tree.find(f"{SVG}desc") is not None


def test_a_higher_rate_stands_further_right() -> None:
    tree = ElementTree.fromstring(experiment_plot(made(a=(2, 10), b=(8, 10))))
    first, second = (float(dot.attrib["cx"]) for dot in tree.iter(f"{SVG}circle"))
    assert first < second
    colours = {dot.attrib["fill"] for dot in tree.iter(f"{SVG}circle")}
    assert colours == {"var(--arm-0)", "var(--arm-1)"}
    page = experiment_page(made(a=(2, 10), b=(8, 10)), "")
    assert all(f"--arm-{number}:" in page for number in range(COLOURS))
