"""Which languages a project is written in, judged by the names and sizes of its files."""

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

_BY_NAME = {"Dockerfile": "Dockerfile", "Makefile": "Makefile", "CMakeLists.txt": "CMake"}
_BY_SUFFIX = {
    suffix: language
    for language, suffixes in {
        "Ada": ".adb .ads",
        "Assembly": ".asm .s",
        "C": ".c .h",
        "C#": ".cs",
        "C++": ".cpp .cc .cxx .hpp .hh .hxx",
        "Clojure": ".clj .cljs .cljc",
        "COBOL": ".cob .cbl",
        "CSS": ".css .scss .sass .less",
        "Dart": ".dart",
        "Elixir": ".ex .exs",
        "Elm": ".elm",
        "Erlang": ".erl .hrl",
        "F#": ".fs .fsx",
        "Fortran": ".f90 .f95 .f",
        "Go": ".go",
        "Groovy": ".groovy .gradle",
        "Haskell": ".hs",
        "HTML": ".html .htm",
        "Java": ".java",
        "JavaScript": ".js .mjs .cjs .jsx",
        "Jinja": ".j2 .jinja .jinja2",
        "Julia": ".jl",
        "Kotlin": ".kt .kts",
        "Lua": ".lua",
        "Nix": ".nix",
        "Objective-C": ".m .mm",
        "OCaml": ".ml .mli",
        "Perl": ".pl .pm",
        "PHP": ".php",
        "PowerShell": ".ps1 .psm1",
        "Python": ".py .pyi .pyx",
        "R": ".r",
        "Ruby": ".rb .erb",
        "Rust": ".rs",
        "Scala": ".scala .sc",
        "Shell": ".sh .bash .zsh .fish",
        "Solidity": ".sol",
        "SQL": ".sql",
        "Svelte": ".svelte",
        "Swift": ".swift",
        "Terraform": ".tf",
        "TypeScript": ".ts .tsx .mts .cts",
        "Vim script": ".vim",
        "Vue": ".vue",
        "Zig": ".zig",
    }.items()
    for suffix in suffixes.split()
}
_MOST = 8
_SMALLEST_SHARE = 0.01


def languages(files: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """The languages of `files` (path, size in bytes), the one with most bytes first.

    At most eight, and none with less than one part in a hundred: a stray script says nothing about a project.
    """
    sizes: Counter[str] = Counter()
    for path, size in files:
        name = PurePosixPath(path).name
        language = _BY_NAME.get(name) or _BY_SUFFIX.get(PurePosixPath(name).suffix.lower())
        if language:
            sizes[language] += size
    total = sum(sizes.values())
    ordered = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))
    return tuple(language for language, size in ordered if size and size >= total * _SMALLEST_SHARE)[:_MOST]
