"""An experiment's report as a page: self-contained HTML with a plot, for an editor's web view or a browser."""

import re
from collections.abc import Iterable, Sequence
from html import escape

from orch.ide.experiment_plot import experiment_plot
from orch.library.experiment_report import ArmReport, Report
from orch.library.experiment_words import percent, rate_words
from orch.text.figures import amount, duration

_LIGHT = "--arm-0: #0969da; --arm-1: #bc4c00; --arm-2: #1a7f37; --arm-3: #8250df; --arm-4: #cf222e;"
_DARK = "--arm-0: #4493f8; --arm-1: #f0883e; --arm-2: #3fb950; --arm-3: #ab7df8; --arm-4: #f85149;"
"""The arms' colours. Not the theme's own for charts: some themes make them fainter than the background allows."""

_STYLE = f"""
:root {{
  color-scheme: light dark; {_LIGHT}
  --text: var(--vscode-editor-foreground, #1f2328);
  --faint: var(--vscode-descriptionForeground, #59636e);
  --line: var(--vscode-panel-border, #d1d9e0);
  --ground: var(--vscode-editor-background, #ffffff);
  --alarm: var(--vscode-editorWarning-foreground, #9a6700);
}}
@media (prefers-color-scheme: dark) {{
  :root {{
    {_DARK}
    --text: var(--vscode-editor-foreground, #f0f6fc);
    --faint: var(--vscode-descriptionForeground, #9198a1);
    --line: var(--vscode-panel-border, #3d444d);
    --ground: var(--vscode-editor-background, #0d1117);
    --alarm: var(--vscode-editorWarning-foreground, #d29922);
  }}
}}
body.vscode-light, body.vscode-high-contrast-light {{ {_LIGHT} }}
body.vscode-dark, body.vscode-high-contrast:not(.vscode-high-contrast-light) {{ {_DARK} }}
"""

_RULES = """
body {
  margin: 1.5rem auto; max-width: 56rem; padding: 0 1rem; background: var(--ground); color: var(--text);
  font: var(--vscode-font-size, 14px)/1.5 var(--vscode-font-family, system-ui, sans-serif);
}
h1 { font-size: 1.4em; margin: 0 0 .2em; }
.about { color: var(--faint); margin: 0 0 1em; }
.verdict { border-left: 4px solid var(--arm-0); padding: .4em .8em; margin: 1em 0; font-size: 1.1em; }
.doubt { border-left: 4px solid var(--alarm); padding: .2em .8em; margin: .5em 0; color: var(--alarm); }
svg { width: 100%; height: auto; display: block; margin: 1em 0; }
svg text { fill: var(--text); font: 13px var(--vscode-font-family, system-ui, sans-serif); }
svg .faint { fill: var(--faint); font-size: 11px; }
svg .grid { stroke: var(--line); stroke-width: 1; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: right; padding: .3em .5em; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--faint); font-weight: 600; font-size: .9em; }
th:first-child, td:first-child { text-align: left; }
code { font-family: var(--vscode-editor-font-family, ui-monospace, monospace); font-size: .92em; }
footer { color: var(--faint); font-size: .9em; margin-top: 1.5em; }
"""

_COLUMNS = (
    "arm", "weight", "assigned", "open", "abandoned", "success", "partial", "failure", "rate (95 %)",
    "best", "loss", "time", "re-plans",
)  # fmt: skip


_COST = {"run_seconds": "model time", "input_tokens": "tokens in", "output_tokens": "tokens out"}
"""What the models took: shown where runs are recorded."""


def experiment_page(report: Report, verdict: str) -> str:
    """The whole page. It loads nothing and runs nothing; colours follow the editor's theme, else the system's."""
    experiment = report.experiment
    doubts = "".join(f'<p class="doubt">{_marked(doubt)}</p>' for doubt in report.doubts)
    known = [name for name in _COST if any(getattr(arm, name) is not None for arm in report.arms)]
    rows = "".join(f"<tr>{_cells((*_row(arm), *_cost(arm, known)), 'td')}</tr>" for arm in report.arms)
    versions = "".join(
        f"<li>{escape(arm.arm.name)}: <code>{escape(arm.arm.version)}</code></li>" for arm in report.arms
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(experiment.name)}</title>
<style>{_STYLE}{_RULES}</style>
</head>
<body>
<h1>{escape(experiment.name)}</h1>
<p class="about">{escape(_about(report))}</p>
<p class="verdict">{_marked(verdict)}</p>
{doubts}
{experiment_plot(report)}
<div class="scroll"><table>
<thead><tr>{_cells((*_COLUMNS, *(_COST[name] for name in known)), "th")}</tr></thead>
<tbody>{rows}</tbody>
</table></div>
<ul>{versions}</ul>
<footer>{escape(_FOOTER)} Sample-ratio check: p = {report.split_p:.3g}.</footer>
</body>
</html>
"""


_FOOTER = (
    "The rate is success over the completed sessions that have a result; partial is not success. Intervals are "
    "Wilson's. The probability of being best and the expected loss, in points of the rate, come from Beta "
    "posteriors with uniform priors. A winner is named only by an e-process, which may be looked at as often as "
    "one likes. Times, re-plans and tokens are medians."
)


def _marked(sentence: str) -> str:
    """A sentence with its names, between backticks, as code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(sentence))


def _about(report: Report) -> str:
    experiment = report.experiment
    started = f", started {experiment.started:%Y-%m-%d}" if experiment.started else ""
    ended = f", ended {experiment.ended:%Y-%m-%d}" if experiment.ended else ""
    least = f"{experiment.min_per_arm} outcomes in each arm are the declared minimum"
    return f"{experiment.path}, {experiment.status}{started}{ended}; {least}."


def _row(arm: ArmReport) -> tuple[str, ...]:
    counts = (arm.assigned, arm.open, arm.abandoned, arm.success, arm.partial, arm.failure)
    again = "-" if arm.again is None else f"{arm.again:g}"
    loss = "-" if arm.expected_loss is None else f"{arm.expected_loss * 100:.1f}"
    return (
        arm.arm.name, f"{arm.arm.weight:g}", *map(str, counts), rate_words(arm),
        percent(arm.p_best), loss, duration(arm.seconds), again,
    )  # fmt: skip


def _cost(arm: ArmReport, known: Sequence[str]) -> list[str]:
    return [(duration if name == "run_seconds" else amount)(getattr(arm, name)) for name in known]


def _cells(texts: Iterable[str], tag: str) -> str:
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)
