"""The documents that are typed in: made here, the same on every machine, so that figures can be compared.

A `Case` has one text for all servers; where a server wants another file name or language id, `servers.py` says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from bench.positions import Position, position_of

NAMESPACE = UUID("8f14e45f-ceea-467f-a8d2-6f0c1b7a9e21")


@dataclass(frozen=True, slots=True)
class Case:
    """One document, where one types in it, and where one asks.

    `kind` is "session" or "template"; `small` says which targets apply. `typing` are the places where a word is
    typed and deleted again; `hover`, `completion` and `definition` are where requests are made. `others` are
    further files of the project by their path below the templates.
    """

    name: str
    kind: str
    small: bool
    text: str
    typing: tuple[Position, ...]
    hover: tuple[Position, ...]
    completion: tuple[Position, ...]
    definition: tuple[Position, ...]
    others: Mapping[str, str] = field(default_factory=dict)


def session_cases() -> tuple[Case, ...]:
    """A session of 20 lines, and one of 302 KB."""
    return _small_session(), _long_session()


def template_cases() -> tuple[Case, ...]:
    """A template of 30 lines, one of 1,996 lines and 88 KB, and the first among 1,000."""
    importing = '{% import "lib/macros.md.j2" as lib %}\n{{ lib.bullet("first") }}\n' + _short_template()
    return (
        _short_template_case("template, 30 lines", _short_template()),
        _long_template_case(),
        _short_template_case("1,000 templates", importing, _other_templates(999)),
    )


def _small_session() -> Case:
    text = f"""\
schema = 1
id = "{NAMESPACE}"
title = "Add user authentication"
status = "planning"              # waits for the answer
feature_type = "feature"
project = "shop"
created = 2026-11-21T02:10:00Z

[request]
text = '''
Customers sign in with their e-mail address and a password.
They can ask for a new password.
'''

[planning]
template = "builtin:orchestrator"

[[history]]
at = 2026-11-21T02:10:00Z
step = "plan"
"""
    assert text.count("\n") == 20
    return Case(
        "session, 20 lines",
        "session",
        True,
        text,
        typing=(position_of(text, "Customers sign in"), position_of(text, "Add user", after="title")),
        hover=(position_of(text, "status"), position_of(text, "builtin:"), position_of(text, "feature_type")),
        completion=(position_of(text, 'planning"'), position_of(text, 'feature"'), position_of(text, "[planning]")),
        definition=(position_of(text, "builtin:"),),
    )


def _long_session() -> Case:
    answer = _answer(150_000)
    body = _analysis_template(80_000)
    head = f"""\
schema = 1
id = "{NAMESPACE}"
title = "Add user authentication"
status = "planning"
feature_type = "feature"
project = "shop"
created = 2026-11-21T02:10:00Z

[request]
text = '''
Customers sign in with their e-mail address and a password.
'''

[notes]
complexity = "medium-high"
time_estimate = "16-20 hours"
key_files = ["src/auth.py", "src/session.py"]
text = '''
Complexity: medium-high
'''

[planning]
template = "builtin:orchestrator"
response = '''
{answer}'''

[analysis]
body = '''
{body}'''

[implementation]
body = '''
"""
    history = "'''\n\n[[history]]\nat = 2026-11-21T02:10:00Z\nstep = \"plan\"\n"
    wanted = 302 * 1024
    text = head + _analysis_template(wanted - len(head) - len(history)) + history
    assert text.isascii()
    assert wanted <= len(text) < wanted + 400
    return Case(
        "session, 302 KB",
        "session",
        False,
        text,
        typing=(
            position_of(text, "Paragraph", after="Area 200 "),
            position_of(text, "Paragraph", after="Question 120 "),
        ),
        hover=(position_of(text, "status"), position_of(text, "builtin:"), position_of(text, "key_files")),
        completion=(position_of(text, 'planning"'), position_of(text, 'feature"'), position_of(text, "[planning]")),
        definition=(position_of(text, "src/auth.py"),),
    )


def _answer(size: int) -> str:
    """What a model might answer to the planning prompt: the three parts, the first two long."""
    half = size // 2 - 300
    return (
        "Orch-Session: 8f14e45f\n\n# ANALYSIS PROMPT TEMPLATE\n\n"
        + _sections("Area", half)
        + "\n# IMPLEMENTATION PROMPT TEMPLATE\n\n"
        + _sections("Step", half)
        + "\n# EXECUTION NOTES\n\n**Complexity**: medium-high\n**Time estimate**: 16-20 hours\n\n"
        "**Risks**\n- Tokens leak: keep them out of logs\n- Old clients: support both for a release\n\n"
        "**Key files**: `src/auth.py`, `src/session.py`\n"
    )


def _analysis_template(size: int) -> str:
    return "Analyse [PROJECT NAME] and answer for {{ team }}.\n\n" + _sections("Question", size - 60)


def _sections(word: str, size: int) -> str:
    lines: list[str] = []
    length = number = 0
    while length < size:
        number += 1
        section = (
            f"## {word} {number} of the work\n\n"
            f"Paragraph {number} says what is known about part {number * 7 % 101} and what has to be found out.\n"
            f"- look at `src/part_{number % 53}.py` and at its tests\n"
            f"- list what calls it, with line numbers, and say why\n\n"
        )
        if number % 9 == 0:
            section += f"```python\ndef part_{number}(value):\n    return value + {number}\n```\n\n"
        lines.append(section)
        length += len(section)
    return "".join(lines)


def _short_template_case(name: str, text: str, others: Mapping[str, str] | None = None) -> Case:
    return Case(
        name,
        "template",
        True,
        text,
        typing=(position_of(text, "Say what"), position_of(text, "topic }}", end=True)),
        hover=(position_of(text, "upper"), position_of(text, "request"), position_of(text, "topic }}")),
        completion=(position_of(text, "upper"), position_of(text, "request |"), position_of(text, "topics | join")),
        definition=(position_of(text, "item_line(topic", after="{{"), position_of(text, "topic }}")),
        others=others or {},
    )


def _long_template_case() -> Case:
    text = _long_template()
    return Case(
        "template, 1,996 lines",
        "template",
        False,
        text,
        typing=(
            position_of(text, "The part number", after="## Part 70"),
            position_of(text, "row_80 |", after="- {{ row_80", end=True),
        ),
        hover=(position_of(text, "upper", after="## Part 60"), position_of(text, "part_90.name")),
        completion=(position_of(text, "upper", after="## Part 60"), position_of(text, "part_90.name")),
        definition=(position_of(text, "item_line(row_100"), position_of(text, "part_120.name")),
    )


def _short_template() -> str:
    text = """\
{# What one asks the model for. #}
{% set limit = 5 %}
{% set topics = ["scope", "risks", "tests"] %}
{% macro item_line(name, number=1) %}
{{ number }}. {{ name | capitalize }}
{% endmacro %}
# Role

You plan the work on {{ request | trim }}.

## Topics

{% for topic in topics %}
{{ item_line(topic, loop.index) }}
{% if loop.index is divisibleby 2 %}
- {{ topic }} comes with a reason.
{% elif topic | length > limit %}
- {{ topic | upper }} is long.
{% endif %}
{% endfor %}

## Answer

Say what is to be done and in which order.
{% with summary = topics | join(", ") %}
Cover {{ summary }}.
{% endwith %}

{% set closing = "Thank you." %}
{{ closing }}
"""
    assert text.count("\n") == 30
    return text


def _long_template() -> str:
    head = _short_template()
    sections: list[str] = []
    lines = head.count("\n")
    number = 0
    while lines + 14 <= 1996:
        number += 1
        sections.append(_long_section(number))
        lines += 14
    text = head + "".join(sections)
    text += "A last line of plain text.\n" * (1996 - text.count("\n"))
    assert text.count("\n") == 1996
    assert 84 * 1024 < len(text) < 92 * 1024
    return text


def _long_section(number: int) -> str:
    text = f"""\
## Part {number}
{{% set part_{number} = {{"name": "part {number}", "size": {number}}} %}}
{{% for row_{number} in topics if row_{number} != "x{number}" %}}
{{% if row_{number} | length > {number} and limit < {number} %}}
- {{{{ row_{number} | upper }}}}: {{{{ part_{number}.name | title }}}} is {{{{ part_{number}.size + loop.index }}}}
{{% elif row_{number} == "scope" or row_{number} is eq "part {number}" %}}
- {{{{ row_{number} ~ " and " ~ part_{number}.name | replace("part", "share") }}}}
{{% else %}}
- {{{{ item_line(row_{number}, number={number}) }}}} of {{{{ part_{number}.size }}}}
{{% endif %}}
{{% endfor %}}
The part number {number} is read with care, with all that calls it, before its tests are written
as a list; {{{{ request | default("nothing {number}") }}}} stays in view all the time.

"""
    assert text.count("\n") == 14
    return text


def _other_templates(count: int) -> dict[str, str]:
    """Templates that include, import and extend one another, as a project's do."""
    templates = {
        "lib/base.md.j2": "# {% block title %}Base{% endblock %}\n\n{% block body %}{% endblock %}\n",
        "lib/macros.md.j2": "{% macro bullet(text, depth=0) %}\n{{ ' ' * depth }}- {{ text }}\n{% endmacro %}\n",
    }
    kinds = (_page_that_extends, _page_that_imports, _page_that_includes)
    for number in range(count - len(templates)):
        name = f"group_{number % 25}/page_{uuid5(NAMESPACE, str(number)).hex[:8]}.md.j2"
        templates[name] = kinds[number % len(kinds)](number)
    return templates


def _page_that_extends(number: int) -> str:
    return f"""\
{{% extends "lib/base.md.j2" %}}
{{% block body %}}
Page {number}: {{{{ request }}}}
{{% endblock %}}
"""


def _page_that_imports(number: int) -> str:
    return f"""\
{{% import "lib/macros.md.j2" as lib %}}
{{% for word in request.split() %}}
{{{{ lib.bullet(word, {number % 4}) }}}}
{{% endfor %}}
"""


def _page_that_includes(number: int) -> str:
    return f"""\
Page {number}
{{% set page_{number} = request | upper %}}
{{{{ page_{number} }}}}
{{% include "lib/base.md.j2" %}}
"""
