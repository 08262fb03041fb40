"""The real renderer: what it renders, what it refuses, and that nothing it runs outlives it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from orch.render.port import Rendered, RenderFailure, RenderJob
from orch.render.worker_renderer import WorkerRenderer


@pytest.fixture(scope="module")
def renderer() -> Iterator[WorkerRenderer]:
    made = WorkerRenderer()
    yield made
    made.close()


@pytest.fixture
def hasty() -> Iterator[WorkerRenderer]:
    """A renderer with a short deadline, for what would take for ever."""
    made = WorkerRenderer(deadline=0.4)
    yield made
    made.close()


def job(
    text: str, /, *, others: dict[str, str] | None = None, extensions: tuple[str, ...] = (), **variables: Any
) -> RenderJob:
    """`text` as the template `main`; every template reaches every other one by its name."""
    templates = {"main": text, **(others or {})}
    names = {name: name for name in templates}
    return RenderJob("main", templates, dict.fromkeys(templates, names), variables, extensions)


def rendered(renderer: WorkerRenderer, made: RenderJob) -> str:
    result = renderer.render(made)
    assert isinstance(result, Rendered), result
    return result.text


def failed(renderer: WorkerRenderer, made: RenderJob) -> RenderFailure:
    result = renderer.render(made)
    assert isinstance(result, RenderFailure), result
    # one plain sentence: it begins with a capital or a name, ends once, and has no line end
    assert result.sentence.endswith((".", "?"))
    assert not result.sentence.endswith(("..", "?.", ".?"))
    assert "\n" not in result.sentence
    return result


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        ("Hello {{ name }}\n", {"name": "Ada"}, "Hello Ada\n"),
        ("{{ name }}", {"name": "<b> & {{ 1 + 1 }} 🦉 \u2028 \ud800"}, "<b> & {{ 1 + 1 }} 🦉 \u2028 \ud800"),
        ("  {% if true %}\nyes\n  {% endif %}\nend\n", {}, "yes\nend\n"),
        ("{{ v.values }}{{ v.get }}{{ v['a b'] }}", {"v": {"values": 1, "get": 2, "a b": 3}}, "123"),
        ("{{ v|attr('values') }}{{ [v]|map(attribute='keys')|join }}", {"v": {"values": 1, "keys": 2}}, "12"),
        ("{% for k, x in v|items %}{{ k }}={{ x.keys }};{% endfor %}", {"v": {"a": {"keys": 1}}}, "a=1;"),
        ("{% for k, x in v|dictsort %}{{ k }}{% endfor %}{{ v|length }}", {"v": {"b": 1, "a": 2}}, "ab2"),
        ("{{ v|tojson }}", {"v": {"b": 1, "a": {"c": []}}}, '{"a": {"c": []}, "b": 1}'),
        ("{{ 'a'.upper() }} {{ {'x': 1}.items()|list }}", {}, "A [('x', 1)]"),
        ("{% set d = {'items': 1, 'x': 2} %}{{ d.items }}{{ d.x }}{{ d.keys()|list }}", {}, "12['items', 'x']"),
        ("{{ x is defined }} {{ x|default('d') }}", {}, "False d"),
        ("{{ l[0].a }} {{ l|map(attribute='a')|list }}", {"l": [{"a": 1}]}, "1 [1]"),
        ("{{ a is none }} {{ b }} {{ c + 1 }}{{ d }}", {"a": None, "b": True, "c": 1, "d": 0.5}, "True True 20.5"),
    ],
)  # fmt: skip
def test_renders_as_the_contract_says(
    renderer: WorkerRenderer, text: str, variables: dict[str, Any], expected: str
) -> None:
    assert rendered(renderer, job(text, **variables)) == expected


def test_extensions_are_on_only_where_asked_for(renderer: WorkerRenderer) -> None:
    text = "{% for i in range(9) %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}{% do range(1) %}"
    assert rendered(renderer, job(text, extensions=("do", "loopcontrols"))) == "01"
    assert "break" in failed(renderer, job(text)).sentence


def test_inheritance_includes_and_imports_follow_the_routes(renderer: WorkerRenderer) -> None:
    made = RenderJob(
        entry="near:x",
        templates={
            "near:x": '{% extends "x" %}{% block a %}[{{ super() }}]{% endblock %}',
            "far:x": '{% block a %}far{% endblock %}{% include ["no", "lib"] %}{% import "lib" as l %}{{ l.m() }}',
            "far:lib": "{% macro m() %}M{% endmacro %}lib",
        },
        routes={"near:x": {"x": "far:x"}, "far:x": {"lib": "far:lib"}},
        variables={},
    )
    assert rendered(renderer, made) == "[far]libM"


def test_a_name_known_only_while_rendering_is_looked_up_in_names(renderer: WorkerRenderer) -> None:
    made = RenderJob(
        entry="p:main",
        templates={"p:main": "{% include part %}", "p:a": 'A{% include "a" ignore missing %}'},
        routes={"p:a": {"a": ""}},
        variables={"part": "a.md.j2"},
        names={"a": "p:a"},
    )
    assert rendered(renderer, made) == "A"


@pytest.mark.parametrize(
    ("text", "sentence", "line"),
    [
        ("a\nb\n{{ requst }}", "`requst` is not defined in main, line 3; did you mean `request`?", 3),
        ("{{ xyzzy }}", "`xyzzy` is not defined in main, line 1.", 1),
        ("\n{% if xyzzy %}{% endif %}", "`xyzzy` is not defined in main, line 2.", 2),
        ("{% for x in xyzzy %}{% endfor %}", "`xyzzy` is not defined in main, line 1.", 1),
        ("{{ v.valuess }}", "`v` has no `valuess` in main, line 1; did you mean `values`?", 1),
        ("{{ v.list[0].nope }}", "`v.list[0]` has no `nope` in main, line 1.", 1),
        ("{{ v.items() }}", "`v` has no `items` in main, line 1; it has no methods, so write `|items`.", 1),
        ("{{ v['no key'] }}", "`v` has no `no key` in main, line 1.", 1),
        ("{{ 'text'.nope }}", "A text has no `nope` in main, line 1.", 1),
        ("{{ none.x }}", "A value that is none has no `x` in main, line 1.", 1),
        ("{{ 1|nope }}", "No filter named 'nope' in main, line 1.", 1),
        ("\n{% nope %}", "Encountered unknown tag 'nope' in main, line 2.", 2),
        ("\n\n{% include 'nope' %}", "There is no template `nope`, which main, line 3, asks for.", 3),
        ("{% include ['x', 'y'] %}", "There is no template `x` or `y`, which main, line 1, asks for.", 1),
        ("{{ [] + 1 }}", 'main, line 1, cannot be rendered: can only concatenate list (not "int") to list.', 1),
    ],
)  # fmt: skip
def test_a_mistake_is_one_plain_sentence_with_its_place(
    renderer: WorkerRenderer, text: str, sentence: str, line: int
) -> None:
    failure = failed(renderer, job(text, request="", v={"values": 1, "list": [{}]}))
    assert (failure.sentence, failure.template, failure.line) == (sentence, "main", line)


def test_a_name_that_an_import_without_context_does_not_see(renderer: WorkerRenderer) -> None:
    made = RenderJob(
        entry="p:main",
        templates={
            "p:main": "{% import 'lib' as l %}{{ l.m() }}",
            "p:lib": "{% macro m() %}{{ request }}{% endmacro %}",
        },
        routes={"p:main": {"lib": "p:lib"}},
        variables={"request": "x"},
    )
    assert failed(renderer, made).sentence == (
        "`request` is not defined in p:lib, line 1; a template that is asked for without context does not see it."
    )


def test_a_mistake_in_an_included_template_is_placed_there(renderer: WorkerRenderer) -> None:
    failure = failed(renderer, job("\n\n{% include 'part' %}", others={"part": "\n{{ missing }}"}))
    assert (failure.template, failure.line, failure.undefined) == ("part", 2, "missing")


@pytest.mark.parametrize(
    "text",
    [
        "{{ v.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ v['__class__'].x }}",
        "{{ v|attr('__init__') }}",
        "{{ '{0.__class__}'.format(v) }}",
        "{{ self.__init__.__globals__ }}",
        "{{ range.__self__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id') }}",
        "{{ [].append(1) }}",
        "{{ {}.update(a=1) }}",
        "{% set ns = namespace() %}{{ ns.__class__ }}",
        "{{ (v|items).gi_frame }}",
    ],
)
def test_the_sandbox_holds(renderer: WorkerRenderer, text: str) -> None:
    failed(renderer, job(text, v={"a": 1}))


_ENDLESS = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"


@pytest.mark.parametrize(
    "text",
    [
        '{{ "a" * 10**9 }}',
        '{{ 10**9 * "a" }}',
        "{{ [0] * 10**9 }}",
        "{{ 9**(9**9) }}",
        "{{ (2**50000) * (2**50000) * (2**50000) }}",
        "{% for i in range(10**12) %}{% endfor %}",
        "{{ range(10**30)|list }}",
        '{{ range(100000)|join("a" * 100000) }}',
        '{{ "%1000000000d" % 1 }}',
        '{{ "%1000000000d"|format(1) }}',
        '{{ "{:1000000000}".format(1) }}',
        '{{ "a"|center(10**9) }}',
        '{{ "a\n"|indent(10**9) }}',
        '{{ "ab"|replace("", "x" * 4000000)|replace("", "y" * 4000000) }}',
        "{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% for i in range(9999) %}{% for j in range(9999) %}abcdefgh{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m() %}{% call m() %}{% endcall %}{% endmacro %}{{ m() }}",
        "{% include 'main' %}",
        "{% extends 'main' %}",
        "{% import 'main' as x %}",
        "{{ " + "(" * 20000 + "1" + ")" * 20000 + " }}",
        "{{ " + "[" * 90 + "]" * 90 + " }}",
        "{% if 1 %}" * 2000 + "{% endif %}" * 2000,
        "{{ " + "-" * 50000 + "1 }}",
    ],
)  # fmt: skip
def test_what_is_too_much_is_refused_and_the_next_job_works(renderer: WorkerRenderer, text: str) -> None:
    started = time.monotonic()
    result = renderer.render(job(text))
    if not isinstance(result, Rendered):  # Python 3.12 and later nest more deeply than 3.11
        failed(renderer, job(text))
    else:
        assert text.startswith(("{{ [", "{% if 1", "{{ --"))
    assert time.monotonic() - started < 12
    assert rendered(renderer, job("{{ 1 }}")) == "1"


@pytest.mark.parametrize(
    "text", [_ENDLESS, "{{ lipsum(n=10**8) }}", "{{ range(100000)|sort|list|map('string') }}" + _ENDLESS]
)
def test_what_takes_too_long_is_stopped_at_the_deadline(hasty: WorkerRenderer, text: str) -> None:
    rendered(hasty, job("warm"))
    started = time.monotonic()
    failure = failed(hasty, job(text))
    assert failure.sentence == "main took longer than 0.4 seconds and was stopped."
    assert 0.3 < time.monotonic() - started < 3
    assert rendered(hasty, job("{{ 1 }}")) == "1"


def test_output_up_to_the_limit_comes_whole(renderer: WorkerRenderer) -> None:
    most = 4 * 1024 * 1024
    assert len(rendered(renderer, job("{{ t }}{{ t }}", t="x" * (most // 2)))) == most
    assert "longer than 4 MiB" in failed(renderer, job("{{ t }}{{ t }}y", t="x" * (most // 2))).sentence
    assert "longer than 4 MiB" in failed(renderer, job("{{ t }}", t="é" * (most // 2 + 1))).sentence


def test_random_choices_are_the_same_each_time(renderer: WorkerRenderer) -> None:
    made = job("{{ range(1000)|random }} {{ lipsum(n=1) }}")
    assert rendered(renderer, made) == rendered(renderer, made)


def test_nothing_stays_from_one_job_to_the_next(renderer: WorkerRenderer) -> None:
    rendered(renderer, job("{% set leak = 1 %}{% macro m() %}{% endmacro %}", others={"old": "x"}, given=1))
    assert failed(renderer, job("{{ leak }}")).undefined == "leak"
    assert failed(renderer, job("{{ given }}")).undefined == "given"
    assert "no template `old`" in failed(renderer, job("{% include 'old' %}")).sentence


def test_several_threads_may_render_at_once() -> None:
    renderer = WorkerRenderer()
    try:
        with ThreadPoolExecutor(4) as pool:
            texts = pool.map(lambda n: rendered(renderer, job("{{ n }}", n=n)), range(60))
            assert list(texts) == [str(n) for n in range(60)]
    finally:
        renderer.close()


def test_a_closed_renderer_leaves_no_process_and_refuses() -> None:
    renderer = WorkerRenderer()
    rendered(renderer, job("x"))
    (worker,) = renderer._idle
    pid = worker._process.pid
    renderer.close()
    renderer.close()
    assert not _is_running(pid)
    assert renderer.render(job("x")) == RenderFailure("The renderer has been closed.")


def test_closing_ends_a_job_that_is_under_way() -> None:
    renderer = WorkerRenderer(deadline=30)
    rendered(renderer, job("warm"))
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(renderer.render, job(_ENDLESS))
        while not renderer._running:
            time.sleep(0.01)
        renderer.close()
        assert result.result(timeout=10) == RenderFailure("The renderer has been closed.", "main")


def test_an_interrupted_job_leaves_no_reply_for_the_next_one(
    renderer: WorkerRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: object) -> object:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("orch.render.worker.read_message", interrupted)
        with pytest.raises(KeyboardInterrupt):
            renderer.render(job("one"))
    assert rendered(renderer, job("two")) == "two"


def test_a_worker_that_died_while_idle_is_replaced() -> None:
    renderer = WorkerRenderer()
    try:
        rendered(renderer, job("x"))
        renderer._idle[0]._process.kill()
        renderer._idle[0]._process.wait()
        assert rendered(renderer, job("y")) == "y"
    finally:
        renderer.close()


_PARENT = """
import os, sys, threading, time
from orch.render.worker_renderer import WorkerRenderer
from orch.render.port import RenderJob
renderer = WorkerRenderer(deadline=0.5)
renderer.render(RenderJob("m", {"m": "x"}, {}, {}))
print(renderer._idle[0]._process.pid, flush=True)
if sys.argv[1]:
    endless = RenderJob("m", {"m": sys.argv[1]}, {}, {})
    threading.Thread(target=renderer.render, args=(endless,), daemon=True).start()
    time.sleep(0.2)
os._exit(0)
"""


@pytest.mark.parametrize("text", ["", _ENDLESS], ids=["idle", "busy"])
def test_a_worker_does_not_outlive_its_parent(text: str) -> None:
    parent = subprocess.run(
        [sys.executable, "-c", _PARENT, text], capture_output=True, text=True, check=True, timeout=60
    )
    pid = int(parent.stdout)
    until = time.monotonic() + 15
    while _is_running(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _is_running(pid)


def test_no_file_of_the_project_or_the_environment_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("jinja2", "json", "sitecustomize", "usercustomize", "orch"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "json.py"))
    renderer = WorkerRenderer()
    try:
        assert rendered(renderer, job("{{ 1 }}")) == "1"
    finally:
        renderer.close()


def test_a_renderer_that_cannot_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(Path(os.sep) / "no" / "such" / "python"))
    renderer = WorkerRenderer()
    assert "could not be started" in failed(renderer, job("x")).sentence
    renderer.close()


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # an orphan that ended may wait for the system to take note of it
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z")
