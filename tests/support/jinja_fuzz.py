"""Broken and odd templates without end, and Jinja's own word on each."""

import random
from collections.abc import Iterator

from orch.syntax.jinja_environment import jinja_environment, jinja_verdict
from orch.syntax.jinja_tree import TemplateTree

SEEDS = (
    ("Hello {{ name }}!\n{% if user %}{{ user.name|upper }}{% elif x %}a{% else %}b{% endif %}\n"),
    (
        "{% for key, value in items.items() if value recursive %}{{ loop.index }}{"
        "{ loop(value) }}{% else %}-{% endfor %}"
    ),
    (
        "{%- macro field(a, b='x', c={'k': [1, 2.5e3]}) -%}{{ a ~ b }}{{ caller() }}"
        "{%- endmacro %}\n{% call(u) field(1, b=2, *xs, **kw) %}{{ u }}{% endcall %}"
    ),
    (
        "{% extends 'base' %}{% block a scoped %}{{ super() }}{% endblock a %}"
        "{% block b required %} {# c #} {% endblock %}"
    ),
    (
        "{% set x = 1 %}{% set a, b = 1, 2 %}{% set ns = namespace(n=0) %}"
        "{% set ns.n = ns.n + 1 %}{% set y %}text{% endset %}{% set z | upper %}t{% endset %}"
    ),
    (
        "{% include ['a', 'b'] ignore missing without context %}"
        "{% import 'm' as m with context %}{% from 'm' import a, b as c %}"
        "{% include x if y else 'z' %}"
    ),
    (
        "{% with a = 1, b = a %}{{ a[1:2] }}{{ a[::2, 'k'] }}{% endwith %}"
        "{% filter upper|indent(2) %}x{% endfilter %}"
    ),
    (
        "{% raw %}{{ not }} {% a %}{% endraw -%}\n{#- comment {{ x }} -#}\n{% autoescape true %}"
        "{{ x }}{% endautoescape %}"
    ),
    ('{{ {"a": {"b": 1}} }}{{ "}}" ~ \'%}\' }}{{ a if b else c if d }}{{ not a and b or c in d not in e }}'),
    (
        "{{ x is defined and y is not divisibleby 3 }}{{ -1 ** 2 // 3 % 4 }}{"
        "{ a.b.0['c'](d)|e(1)|f }}{{ (1,) + () }}"
    ),
    ("{% do x.append(1) %}{% for a in b %}{% break %}{% continue %}{% endfor %}{% print a, b %}{{ 'a' 'b' }}"),
    (
        "+++\ndescription = 'x'\n+++\n# Role\r\n{{ request }}\r\n{% if depth == \"deep\" %}\r\n- {"
        "{ title }}\r\n{% endif %}\r\n"
    ),
    ("{% if a: %}x{% else: %}y{% endif %}{% for x in y: %}{% endfor %}{{ 1_000 + 0x1f + 0b1 + .5 }}"),
)
PIECES = (
    "{{", "}}", "{%", "%}", "{#", "#}", "{{-", "-}}", "{%-", "-%}", "{%+", "+%}", "-", "+", "'", '"', "\\",
    "\n", "\r\n", "\r", "(", ")", "[", "]", "{", "}", ",", ".", ":", "|", "=", "==", "~", "*", "**", "//", " ",
    " is ", " not ", " in ", " if ", " else ", " and ", " or ", "{% if a %}", "{% endif %}", "{% else %}",
    "{% elif b %}", "{% for a in b %}", "{% endfor %}", "{% raw %}", "{% endraw %}", "{% set a %}",
    "{% endset %}", "{% set a = 1 %}", "{% block a %}", "{% endblock %}", "{% macro m() %}", "{% endmacro %}",
    "{% call m() %}", "{% endcall %}", "{% filter upper %}", "{% endfilter %}", "{% with %}", "{% endwith %}",
    "{% extends 'a' %}", "{% autoescape x %}", "{% endautoescape %}", "{% trans %}", "{% do x %}",
    "{% break %}", "{{ x }}", "{# #}", "true", "None", "loop", "a", "_b", "1", "1.5", "0x", "1e5", "é",
    "\u2028", "\x00", "\ud800", "\U0001f600", "·", "$", "?", "!", "@", "endblock a", " recursive", " scoped",
    " required", " ignore missing", " with context", " as ", "import", "from", ";", "<", ">=", "%", "&", "`",
    "\t", "\x0b", "\x0c", "\x1c", "\x85", "\xa0",
)  # fmt: skip
SYNTAX_RULES = frozenset(
    {"syntax-error", "unclosed-block", "unexpected-tag", "unclosed-delimiter", "unknown-tag", "too-complex"}
)


def mutated(random_: random.Random, seeds: tuple[str, ...]) -> str:
    """A template made of a seed, or of pieces of several, by a few random changes."""
    text = random_.choice(seeds)
    if len(text) > 400:
        start = random_.randrange(len(text) - 300)
        text = text[start : start + random_.randrange(20, 300)]
    for _ in range(random_.choice((0, 0, 1, 1, 1, 2, 2, 3, 5))):
        text = change(random_, text, seeds)
    return text


def change(random_: random.Random, text: str, seeds: tuple[str, ...]) -> str:
    """`text` after one random edit."""
    place = random_.randrange(len(text) + 1)
    kind = random_.randrange(7)
    if kind == 0:
        return text[:place] + random_.choice(PIECES) + text[place:]
    if kind == 1:
        return text[:place] + text[place + random_.randrange(1, 4) :]
    if kind == 2:
        return text[:place] + random_.choice(PIECES) + text[place + random_.randrange(1, 4) :]
    if kind == 3:
        other = random_.choice(seeds)
        start = random_.randrange(len(other))
        return text[:place] + other[start : start + random_.randrange(1, 40)] + text[place:]
    if kind == 4:
        return text[: random_.randrange(len(text) + 1)]
    if kind == 5:
        end = min(len(text), place + random_.randrange(1, 30))
        return text[:end] + text[place:]
    return text[place:] + text[:place]


def inputs(seed: int, count: int, seeds: tuple[str, ...] = SEEDS) -> Iterator[str]:
    """`count` templates, the same ones for the same seed."""
    random_ = random.Random(seed)
    for _ in range(count):
        if random_.random() < 0.15:
            yield "".join(random_.choice(PIECES) for _ in range(random_.randrange(1, 25)))
        else:
            yield mutated(random_, seeds)


def disagreement(tree: TemplateTree) -> str | None:
    """How Orch and Jinja differ on whether the template can be read, None when they agree."""
    body = tree.text[tree.body_start :]
    verdict = _verdict(body, tree.extensions)
    found = [problem for problem in tree.problems if not problem.accepted]
    strange = [problem for problem in found if problem.rule not in SYNTAX_RULES]
    if strange:
        return f"not a syntax rule: {strange}"
    if any(not 0 <= p.span.start <= p.span.end <= len(tree.text) for p in tree.problems):
        return f"a problem lies outside the text: {tree.problems}"
    if verdict is not None and not found:
        return f"Jinja refuses it ({verdict!r}), Orch does not"
    if verdict is None and found:
        return f"Jinja accepts it, Orch does not: {found}"
    return None


def _verdict(body: str, extensions: tuple[str, ...]) -> Exception | None:
    try:
        jinja_environment(extensions).parse(body)
    except RecursionError:
        return jinja_verdict(body, extensions)
    except Exception as error:
        return error
    return None
