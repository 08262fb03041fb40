"""What the abilities of templates import when they are first asked is imported before: nobody waits for it."""

import ast
import subprocess
import sys
from pathlib import Path

from orch.lsp import template_language
from orch.lsp.template_language import LANGUAGE

SCRIPT = """
import sys
from orch.lsp.languages import import_later, language
known = language("template")
before = set(sys.modules)
import_later(known)
wanted = set(known.used_later)
print(sorted(wanted & before), sorted(wanted - set(sys.modules)))
"""


def test_every_module_that_a_function_imports_is_named() -> None:
    tree = ast.parse(Path(template_language.__file__).read_text(encoding="utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    imported = {
        node.module
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and node.module is not None and node.module.startswith("orch.ide.")
    }
    assert imported == set(LANGUAGE.used_later)


def test_they_are_imported_then_and_not_with_the_language() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[] []"
