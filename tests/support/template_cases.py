"""Templates with one known defect each, and valid ones that are easily called wrong, annotated.

The text under check comes first and is called `main`. The benchmarks run other tools on the same texts.
"""

DEFECTS = {
    "two values without an operator": ("{{ request title }}\n           ^^^^^ error[syntax-error]\n"),
    "a filter without a name": ("{{ request | }}\n             ^^ error[syntax-error]\n"),
    "an empty condition": ("{% if %}x{% endif %}\n      ^^ error[syntax-error]\n"),
    "an empty expression": ("a {{ }} b\n  ^^^^^ error[syntax-error]\n"),
    "for without in": ("{% for f project.files %}{{ f }}{% endfor %}\n         ^^^^^^^ error[syntax-error]\n"),
    "an unclosed bracket": ("{{ (request ~ title }}\n   ^ error[syntax-error]\n"),
    "an unclosed string": ("{{ 'request }}\n   ^ error[syntax-error]\n"),
    "an assignment to a literal": ("{% set 3 = request %}\n       ^ error[syntax-error]\n"),
    "a value behind a keyword": (
        "{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(a=1, 2) }}\n"
        "                                                   ^ error[syntax-error]\n"
    ),
    "a hyphen in a block's name": ("{% block my-task %}x{% endblock %}\n           ^ error[syntax-error]\n"),
    "if is never closed": ("{% if request %}\n^^^^^^^^^^^^^^^^ error[unclosed-block]\ntext\n"),
    "for is never closed": (
        "{% for f in project.files %}\n^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[unclosed-block]\n{{ f.path }}\n"
    ),
    "an inner block is never closed": (
        "{% if request %}\n"
        "{% for f in project.files %}\n"
        "^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[unclosed-block]\n"
        "{{ f.path }}\n"
        "{% endif %}\n"
    ),
    "raw is never closed": ("{% raw %}\n^^^^^^^^^ error[unclosed-block]\n{{ x }}\n"),
    "an end tag too many": (
        "{% if request %}x{% endif %}{% endif %}\n                            ^^^^^^^^^^^ error[unexpected-tag]\n"
    ),
    "the wrong end tag": (
        "{% if request %}x{% endfor %}{% endif %}\n                 ^^^^^^^^^^^^ error[unexpected-tag]\n"
    ),
    "else twice": (
        "{% if request %}a{% else %}b{% else %}c{% endif %}\n"
        "                            ^^^^^^^^^^ error[unexpected-tag]\n"
    ),
    "ends in the wrong order": (
        "{% if request %}{% for f in project.files %}{{ f.path }}{% endif %}{% endfor %}\n"
        "                                                        ^^^^^^^^^^^ error[unexpected-tag]\n"
    ),
    "another block's name at the end": (
        "{% block a %}x{% endblock b %}\n                          ^ error[unexpected-tag]\n"
    ),
    "an expression is never closed": ("Hello {{ request\n      ^^ error[unclosed-delimiter]\nmore\n"),
    "a tag is never closed": ("{% if request\n^^ error[unclosed-delimiter]\n{{ title }}\n{% endif %}\n"),
    "a comment is never closed": ("a {# note\n  ^^ error[unclosed-delimiter]\nmore\n"),
    "an unknown tag": ("{% fro f in project.files %}{{ f }}{% endfor %}\n   ^^^ error[unknown-tag] `for`\n"),
    "a tag of Django": ("{% load static %}\n   ^^^^ error[unknown-tag]\n"),
    "extends in a loop": (
        "{% for f in project.files %}{% extends 'base' %}{% endfor %}\n"
        "                            ^^^^^^^^^^^^^^^^^^^^ error[misplaced-tag]\n"
        "//- base\n"
        "x\n"
    ),
    "a keyword twice": (
        "{{ request | indent(width=1, width=2) }}\n                             ^^^^^ error[duplicate-argument]\n"
    ),
    "a parameter twice": (
        "{% macro m(a, a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}\n              ^ error[duplicate-argument]\n"
    ),
    "an unknown filter": ("{{ request | upcase }}\n             ^^^^^^ error[unknown-filter]\n"),
    "an unknown filter in map": (
        "{{ project.languages | map('uper') | join }}\n"
        "                            ^^^^ error[unknown-filter] `upper`\n"
    ),
    "an unknown test": (
        "{% if request is emptyish %}x{% endif %}\n                 ^^^^^^^^ error[unknown-test]\n"
    ),
    "a misspelt variable": ("{{ requst }}\n   ^^^^^^ error[undefined-variable] did you mean `request`\n"),
    "undefined in a condition": ("{% if verbosity > 2 %}x{% endif %}\n      ^^^^^^^^^ error[undefined-variable]\n"),
    "undefined in a loop's source": (
        "{% for t in tickets %}{{ t }}{% endfor %}\n            ^^^^^^^ error[undefined-variable]\n"
    ),
    "undefined in an argument": (
        "{{ request | replace('x', other) }}\n                          ^^^^^ error[undefined-variable]\n"
    ),
    "undefined under a filter": ("{{ summary | upper }}\n   ^^^^^^^ error[undefined-variable]\n"),
    "a loop's variable behind the loop": (
        "{% for f in project.files %}{{ f.path }}{% endfor %}{{ f }}\n"
        "                                                       ^ error[undefined-variable] does"
        " not outlive\n"
    ),
    "a variable around a block": (
        "{% for f in project.files %}{% block one %}{{ f.path }}{% endblock %}{% endfor %}\n"
        "                                              ^ error[undefined-variable] scoped\n"
    ),
    "a loop's variable in an inner block": (
        "{% block all scoped %}{% for f in project.files %}{% block one %}{{ f.path }}{% endblock %}{% endfor %}"
        "{% endblock %}\n"
        "                                                                    ^ error[undefined-variable] scoped\n"
    ),
    "read before it is set": (
        "{{ tone }}{% set tone = 'kind' %}{{ tone }}\n   ^^^^ error[undefined-variable] before it is set\n"
    ),
    "an attribute of the project": ("{{ project.nmae }}\n           ^^^^ error[undefined-attribute] `name`\n"),
    "an attribute in a loop": (
        "{% for f in project.files %}{{ f.name }}{% endfor %}\n"
        "                                 ^^^^ error[undefined-attribute]\n"
    ),
    "an attribute of loop": (
        "{% for f in project.files %}{{ loop.idx }}{{ f.path }}{% endfor %}\n"
        "                                    ^^^ error[undefined-attribute]\n"
    ),
    "a filter lacks an argument": ("{{ request | replace('a') }}\n             ^^^^^^^ error[wrong-arguments]\n"),
    "a filter has too many arguments": ("{{ request | upper(1) }}\n                   ^ error[wrong-arguments]\n"),
    "a filter has no such keyword": (
        "{{ request | indent(widht=2) }}\n                    ^^^^^ error[wrong-arguments] `width`\n"
    ),
    "a macro has too many arguments": (
        "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}\n"
        "                                             ^ error[wrong-arguments]\n"
    ),
    "a macro lacks an argument": (
        "{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}\n"
        "                                                  ^ error[wrong-arguments]\n"
    ),
    "a macro with a body that it does not show": (
        "{% macro m(a) %}{{ a }}{% endmacro %}{% call m(1) %}x{% endcall %}\n"
        "                                             ^ error[wrong-arguments]\n"
    ),
    "a missing include": ("{% include 'parts/rules' %}\n            ^^^^^^^^^^^ error[missing-template]\n"),
    "a missing parent": ("{% extends 'bsae' %}\n            ^^^^ error[missing-template] `base`\n//- base\nx\n"),
    "an error in an included template": (
        "{% include 'part' %}\n"
        "            ^^^^ error[missing-template] cannot be read\n"
        "//- part\n"
        "{{ a b }}\n"
        "     ^ error[syntax-error]\n"
    ),
    "two templates that include each other": (
        "{% include 'b' %}\n"
        "            ^ error[circular-template]\n"
        "//- b\n"
        "{% include 'main' %}\n"
        "            ^^^^ error[circular-template]\n"
    ),
    "three templates in a circle": (
        "{% include 'b' %}\n"
        "            ^ error[circular-template] `b` → `c` → `main`\n"
        "//- b\n"
        "{% include 'c' %}\n"
        "            ^ error[circular-template]\n"
        "//- c\n"
        "{% extends 'main' %}\n"
        "            ^^^^ error[circular-template]\n"
    ),
    "self without the block": (
        "{% block a %}x{% endblock %}{{ self.b() }}\n                                    ^ error[unknown-block]\n"
    ),
    "super without a parent": (
        "{% block a %}{{ super() }}{% endblock %}\n                ^^^^^ error[unknown-block]\n"
    ),
    "a block that the parent has not": (
        "{% extends 'base' %}{% block taks %}x{% endblock %}\n"
        "                             ^^^^ warning[unknown-block] `task`\n"
        "//- base\n"
        "{% block task %}{% endblock %}\n"
    ),
    "an import that is not offered": (
        "{% from 'lib' import lst %}{{ lst(project.languages) }}\n"
        "                     ^^^ error[unknown-import] `list`\n"
        "//- lib\n"
        "{% macro list(x) %}{{ x }}{% endmacro %}\n"
    ),
    "a block twice": (
        "{% block a %}x{% endblock %}{% block a %}y{% endblock %}\n"
        "                                     ^ error[duplicate-block]\n"
    ),
    "a macro twice": (
        "{% macro m(a) %}{{ a }}{% endmacro %}{% macro m(a) %}-{{ a }}{% endmacro %}{{ m(1) }}\n"
        "                                              ^ warning[duplicate-macro]\n"
    ),
    "a required block is not given": (
        "{% extends 'base' %}\n"
        "            ^^^^ error[required-block]\n"
        "//- base\n"
        "{% block task required %}{% endblock %}\n"
    ),
    "text outside blocks": (
        "{% extends 'base' %}\n"
        "Be brief.\n"
        "^^^^^^^^^ warning[content-outside-block]\n"
        "{% block task %}x{% endblock %}\n"
        "//- base\n"
        "{% block task %}{% endblock %}\n"
    ),
    "a variable that nothing reads": (
        "{% macro m(a) %}{% set b = a %}{{ a }}{% endmacro %}{{ m(1) }}\n"
        "                       ^ warning[unused-variable]\n"
    ),
    "a macro that nothing calls": (
        "{% block x %}{% macro m(a) %}{{ a }}{% endmacro %}{% endblock %}\n"
        "                      ^ warning[unused-macro]\n"
    ),
    "an import that nothing uses": (
        "{% import 'lib' as lib %}{{ request }}\n"
        "                   ^^^ warning[unused-import]\n"
        "//- lib\n"
        "{% macro m() %}{% endmacro %}\n"
    ),
    "an input that nothing reads": (
        "+++\n[inputs.depth]\n        ^^^^^ warning[unused-input]\ndefault = 'deep'\n+++\n{{ request }}\n"
    ),
    "a loop in a loop with one name": (
        "{% for f in project.files %}{% for f in request %}{{ f }}{% endfor %}{% endfor %}\n"
        "                                   ^ info[shadowed-name]\n"
    ),
    "assigning to loop": (
        "{% for f in project.files %}{% set loop = f %}{{ loop }}{% endfor %}\n"
        "                                   ^^^^ error[shadowed-name]\n"
    ),
    "the loop-scope trap": (
        "{% set found = false %}{% for f in project.files %}{% set found = true %}{% endfor %}{{"
        " found }}\n"
        "                                                          ^^^^^ warning[loop-scope]\n"
    ),
    "a counter in a loop": (
        "{% set n = 0 %}{% for f in project.files %}{% set n = n + 1 %}{{ n }}{% endfor %}\n"
        "                                                  ^ warning[loop-scope]\n"
    ),
    "a way out of the sandbox": ("{{ request.__class__ }}\n           ^^^^^^^^^ error[unsafe-attribute]\n"),
    "a list that is changed": (
        "{% set xs = [] %}{{ xs.append(request) }}{{ xs }}\n                       ^^^^^^ error[unsafe-attribute]\n"
    ),
    "front matter that is no TOML": (
        "+++\ndescription = \n              | error[invalid-front-matter]\n+++\n{{ request }}\n"
    ),
    "front matter that never ends": ("+++\n^^^ error[invalid-front-matter]\ndescription = 'x'\n{{ request }}\n"),
    "a slice with a comma": ("{{ request[1:2, 3] }}\n          ^^^^^^^^ error[wrong-arguments]\n"),
}
DEFECTS["twenty-one loops"] = (
    "".join(f"{{% for a{n} in request %}}" for n in range(21))
    + "{{ a20 }}"
    + "{% endfor %}" * 21
    + "\n"
    + " " * sum(len(f"{{% for a{n} in request %}}") for n in range(20))
    + "^" * len("{% for a20 in request %}")
    + " error[too-complex]\n"
)

VALID = {
    "slices": "{{ request[1:] }}{{ request[:-1] }}{{ request[::2] }}{{ request[1:5:2] }}",
    "in a list": "{% if feature_type in ['bugfix', 'docs'] and title not in ('a', 'b') %}x{% endif %}",
    "with several": "{% with a = 1, b = request %}{{ a }}{{ b }}{% endwith %}",
    "set with a body and a filter": "{% set text | upper | trim %}{{ request }}{% endset %}{{ text }}",
    "a dynamic include": ("{% include ['parts/' ~ feature_type, 'part'] ignore missing %}\n//- part\nx\n"),
    "a dynamic include by a variable": ("{% set name = 'part' %}{% include name %}\n//- part\nx\n"),
    "names in Unicode": "{% set größe = 3 %}{{ größe }}{% for 文件 in project.files %}{{ 文件.path }}{% endfor %}",
    "scoped blocks": (
        "{% for f in project.files %}{% block one scoped %}{{ f.path }}{{ loop.index }}{% endblock %}{% endfor %}"
    ),
    "a block in a scoped block": (
        "{% for f in project.files %}{% block row scoped %}{% block cell %}{{ f.path }}{% endblock %}{% endblock %}"
        "{% endfor %}"
    ),
    "a scoped block's parent sees what is around it": (
        "{% extends 'base' %}{% block out %}{% set mark = '*' %}{% block item scoped %}{{ super() }}{% endblock %}"
        "{% endblock %}\n"
        "//- base\n"
        "{% block out %}{% endblock %}{% block item %}{% block inner %}{{ mark | default('-') }}{% endblock %}"
        "{% endblock %}\n"
    ),
    "keys like Python's inner names": "{% set d = {'__init__': 1, 'mro': 2} %}{{ d['__init__'] }}{{ d.mro }}",
    "a macro called kwargs": "{% macro kwargs(x) %}{{ x }}{% endmacro %}{{ kwargs(request) }}",
    "method calls": (
        "{{ request.upper() }}{{ request.strip().split('\\n')[0].title() }}{{ ', '.join(project.languages) }}"
    ),
    "loop.cycle": (
        "{% for f in project.files %}{{ loop.cycle('a', 'b') }}{{ f.path }}{{ loop.changed(f.text) }}{% endfor %}"
    ),
    "a recursive loop": (
        "{% for item in [{'n': 1, 'sub': []}] recursive %}{{ item.n }}{{ loop(item.sub) }}{{"
        " loop.depth }}{% endfor %}"
    ),
    "caller": (
        "{% macro box(title, w=3) %}{{ title }}{{ w }}{{ caller(1) }}{% endmacro %}{% call(n)"
        " box('a', w=2) %}{{ n }}{% endcall %}"
    ),
    "tests with arguments": (
        "{% if 4 is divisibleby 2 and 4 is divisibleby(2) and request is not sameas none %}x{% endif %}"
    ),
    "varargs and kwargs": "{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, a=3) }}",
    "is defined": "{% if tone is defined %}{{ tone }}{% else %}kind{% endif %}",
    "is not defined": "{% if tone is not defined %}{% set tone = 'kind' %}{% endif %}{{ tone }}",
    "default": "{{ tone | default('kind') }}{{ tone | d('kind') | upper }}{{ (tone | default('x')).strip() }}",
    "default of an attribute": (
        "{{ project.owner | default('nobody') }}{% if notes.owner is defined %}{{ notes.owner }}{% endif %}"
    ),
    "a variable only as an argument": (
        "{% set w = 4 %}{{ request | indent(w) }}{% set k = 'path' %}{{ project.files | map(attribute=k) | join }}"
    ),
    "a namespace": (
        "{% set ns = namespace(n=0) %}{% for f in project.files %}{% set ns.n = ns.n + 1 %}{% set"
        " ns.last = f %}{% endfor %}{{ ns.n }}{{ ns.last.path }}"
    ),
    "a name that the loop uses for itself": (
        "{% set who = 'you' %}{% for f in project.files %}{% set who = f.path %}{{ who }}{% endfor %}{{ who }}"
    ),
    "an assignment of the loop's own": "{% for f in project.files %}{% set p = f.path %}{{ p }}{% endfor %}",
    "a default that a branch changes": (
        "{% for f in project.files %}{% set mark = '-' %}{% if loop.first %}{% set mark = '*' %}{%"
        " endif %}{{ mark }} {{ f.path }}{% endfor %}"
    ),
    "set in every branch": "{% if request %}{% set a = 1 %}{% else %}{% set a = 2 %}{% endif %}{{ a }}",
    "set in one branch": "{% if request %}{% set a = 1 %}{% endif %}{% if request %}{{ a }}{% endif %}",
    "a macro used before it is defined in a macro": (
        "{% macro outer(x) %}{{ inner(x) }}{% endmacro %}{% macro inner(x) %}{{ x }}{% endmacro %}{{ outer(1) }}"
    ),
    "a macro that calls itself": (
        "{% macro tree(n) %}{{ n }}{% if n > 0 %}{{ tree(n - 1) }}{% endif %}{% endmacro %}{{ tree(2) }}"
    ),
    "a block sees what the top level sets": "{% set tone = 'kind' %}{% block a %}{{ tone }}{% endblock %}",
    "a child sets what its parent shows": (
        "{% extends 'base' %}{% set tone = 'kind' %}{% block task %}{{ super() }}{{ tone }}{{"
        " shared }}{% endblock %}\n"
        "//- base\n"
        "{% set shared = 1 %}{{ tone }}{% block task %}{{ tone }}{% endblock %}\n"
    ),
    "an include sees what is around it": ("{% set tone = 'kind' %}{% include 'part' %}\n//- part\n{{ tone }}\n"),
    "imports": (
        "{% import 'lib' as lib %}{% from 'lib' import item, title as heading with context %}{{"
        " lib.item(1) }}{{ item(2) }}{{ heading }}\n"
        "//- lib\n"
        "{% macro item(x) %}{{ x }}{% endmacro %}{% set title = 'T' %}\n"
    ),
    "self and super": (
        "{% extends 'base' %}{% block a %}{{ self.b() }}{{ super() }}{% endblock %}{% block b %}{{"
        " self.a is defined }}{% endblock %}\n"
        "//- base\n"
        "{% block a %}{% endblock %}{% block b %}{% endblock %}\n"
    ),
    "braces in braces": '{{ {"a": {"b": [1, {"c": 2}]}} }}{{ {} }}{{ {"x": "}}"} }}',
    "delimiters in strings": "{{ '{{ not }}' }}{% set a = '%}' %}{{ a }}{{ \"{#\" }}",
    "raw": "{% raw %}{{ undefined | nothing }}{% endfor %}{% endraw %}{%- raw -%}{% if %}{%- endraw -%}",
    "comments": "{# {{ undefined }} {% if %} #}{#- {% endfor %} -#}",
    "white-space control": "{%- if request -%} a {%+ if title +%} b {%- endif -%}{%- endif +%}{{- request -}}",
    "conditional expressions": (
        "{{ 'a' if request else 'b' }}{{ 'c' if title }}{% include 'p' if request else 'q' %}\n//- p\nx\n//- q\ny\n"
    ),
    "chains of filters": (
        "{{ project.files | selectattr('path', 'ne', '') | map(attribute='path') | map('upper') |"
        " sort | join(', ') }}"
    ),
    "groupby": (
        "{% for kind, files in project.files | groupby('path') %}{{ kind }}{{ files | length }}{% endfor %}"
    ),
    "unpacking": (
        "{% for k, v in {'a': 1}.items() %}{{ k }}{{ v }}{% endfor %}{% set a, b = 1, 2 %}{{ a }}{{ b }}"
    ),
    "a tuple without brackets": "{% for x in 1, 2, 3 %}{{ x }}{% endfor %}{{ 1, 2 }}",
    "for with if and else": (
        "{% for f in project.files if f.path.endswith('.py') %}{{ f.path }}{% else %}none{% endfor %}"
    ),
    "a colon as in Python": "{% if request: %}a{% else: %}b{% endif %}",
    "strings side by side": "{{ 'a' 'b' \"c\" }}",
    "arithmetic": "{{ 1_000 * 2 ** 3 // 4 % 5 - -1 + 1.5e3 }}{{ 'a' ~ 1 ~ none ~ true }}",
    "comparisons in a row": "{{ 1 < 2 <= 3 != 4 }}{{ not request == title }}",
    "required with white space": (
        "{% extends 'base' %}{% block a %}x{% endblock %}\n"
        "//- base\n"
        "{% block a required %}  {# give it #}\n"
        "{% endblock %}\n"
    ),
    "a filter block": "{% filter upper | indent(2) %}{{ request }}{% endfilter %}",
    "autoescape": "{% autoescape false %}{{ request }}{% endautoescape %}",
    "an include that may be missing": (
        "{% include 'no/such' ignore missing %}{% include ['no', 'part'] %}\n//- part\nx\n"
    ),
    "recursion that ends": (
        "{% if title == 'x' %}{% include 'b' %}{% endif %}\n"
        "//- b\n"
        "{% for x in request %}{% include 'main' %}{% endfor %}\n"
    ),
    "the same name in two scopes": (
        "{% for f in project.files %}{{ f.path }}{% endfor %}{% for f in project.languages %}{{ f"
        " }}{% endfor %}{% macro m(f) %}{{ f }}{% endmacro %}{{ m(1) }}"
    ),
    "an optional parameter": (
        "{% macro m(a, b) %}{{ a }}{% if b is defined %}{{ b }}{% endif %}{% endmacro %}{{ m(1) }}"
    ),
    "arguments that are unpacked": (
        "{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(*[1, 2]) }}{{ m(**{'a': 1, 'b': 2}) }}"
    ),
    "Jinja's functions": (
        "{% set c = cycler('a', 'b') %}{{ c.next() }}{% set j = joiner(', ') %}{{ j() }}{{"
        " range(1, 10, 2) | list }}{{ dict(a=1) }}{{ lipsum(1, html=false) }}"
    ),
    "trailing commas": ("{{ [1, 2,] }}{{ {'a': 1,} }}{{ (1,) }}{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1,) }}"),
    "front matter": (
        "+++\n"
        "description = 'Asks'\n"
        "[inputs.depth]\n"
        "description = 'How deep'\n"
        "default = 'normal'\n"
        "choices = ['quick', 'normal']\n"
        "[[examples]]\n"
        "name = 'small'\n"
        "request = 'Add'\n"
        "values = { depth = 'quick' }\n"
        "+++\n"
        "{{ depth }}\n"
    ),
    "an input of an included template": (
        "{{ depth }}{% include 'part' %}\n//- part\n+++\n[inputs.depth]\ndefault = 'deep'\n+++\n{{ depth }}\n"
    ),
    "names with digits and dots": "{{ project.files.0.path }}{{ project['name'] }}{{ project.languages[0] }}",
    "keywords as names": (
        "{% set if_ = 1 %}{% set is_ok = true %}{{ if_ }}{{ is_ok is true }}{{ request is in title }}"
    ),
    "line ends of Windows": "{% if request %}\r\n{{ title }}\r\n{% endif %}\r\n",
    "an emoji before": "😀\u2028 {{ request }}",
}
