"""Orch reads a template exactly when Jinja does, whatever is broken in it; an edit changes nothing of that."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orch.syntax.jinja_tree import TemplateTree, parse_template
from support.jinja_fuzz import PIECES, SEEDS, change, disagreement, inputs, mutated

EXTENSIONS = ((), ("do",), ("do", "loopcontrols"))


@pytest.mark.parametrize("seed", range(5))
def test_jinja_and_orch_agree(seed: int) -> None:
    read = 0
    for number, text in enumerate(inputs(seed, 1000)):
        tree = parse_template(text, EXTENSIONS[number % 3])
        assert disagreement(tree) is None, (text, disagreement(tree))
        read += not tree.broken
    assert read > 100  # both verdicts are met


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5))).map("".join))
def test_jinja_and_orch_agree_on_anything(text: str) -> None:
    assert disagreement(parse_template(text)) is None


@pytest.mark.parametrize("seed", range(3))
def test_reading_again_after_an_edit_is_reading_anew(seed: int) -> None:
    random_ = random.Random(seed)
    for _ in range(50):
        text = mutated(random_, SEEDS)
        tree = parse_template(text)
        for _ in range(20):
            text = change(random_, text, SEEDS)
            tree = parse_template(text, (), tree)
            assert _content(tree) == _content(parse_template(text)), text


def _content(tree: TemplateTree) -> object:
    return tree.starts, [tag.text for tag in tree.tags], tree.problems, tree.blocks
