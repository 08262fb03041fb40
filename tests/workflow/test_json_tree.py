"""JSON as models write it: where values stand, and what is mended."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from orch.workflow.answer.json_tree import JsonNode, parse_json


def plain(node: JsonNode) -> object:
    if node.kind == "object":
        return {key: plain(value) for key, value in node.members}
    if node.kind == "array":
        return [plain(item) for item in node.items]
    return node.text if node.kind == "string" else json.loads(node.text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.text(), VALUES, max_size=4), st.booleans(), st.sampled_from([None, 1, 4]))
def test_valid_json_is_read_as_json_says(data: dict[str, object], ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(data, ensure_ascii=ascii_only, indent=indent)
    parsed = parse_json(text, 0)
    assert parsed is not None
    node, end = parsed
    assert (plain(node), end, node.complete, node.repaired) == (data, len(text), True, False)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='{}[]",:\\ \na1t/*', max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    parse_json("{" + text, 0)


def test_spans_are_those_of_the_content() -> None:
    text = 'x {"a": "b\\nc"}'
    parsed = parse_json(text, 2)
    assert parsed is not None
    value = parsed[0].members[0][1]
    assert (text[value.start : value.end], value.text) == ("b\\nc", "b\nc")


def test_what_models_get_wrong() -> None:
    parsed = parse_json('{"a": "line\nbreak", // why\n "b": "say "hi" now", "c": ["\\d+",],}', 0)
    assert parsed is not None
    assert plain(parsed[0]) == {"a": "line\nbreak", "b": 'say "hi" now', "c": ["\\d+"]}
    assert parsed[0].repaired


def test_an_end_that_never_comes() -> None:
    parsed = parse_json('{"a": "whole", "b": "cut of', 0)
    assert parsed is not None
    assert plain(parsed[0]) == {"a": "whole", "b": "cut of"}
    assert [value.complete for _, value in parsed[0].members] == [True, False]


def test_depth_is_bounded() -> None:
    assert parse_json("[" * 100_000, 0) is None
