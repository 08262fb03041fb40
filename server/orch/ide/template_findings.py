"""The findings of a template: those of the syntax at each keystroke, all others when there is time."""

from orch.ide.template_view import Desk, TemplateView
from orch.rules.finding import Finding
from orch.rules.template_context import TemplateContext
from orch.rules.template_rules import check_template


def quick_findings(view: TemplateView) -> list[Finding]:
    """What the text alone tells, in a fraction of a millisecond."""
    return check_template(TemplateContext(view.analysis), slow=False)


def slow_findings(view: TemplateView, desk: Desk) -> list[Finding]:
    """What names, other templates and the configuration tell. For a thread."""
    found = check_template(desk.context, slow=True)
    if desk.context.tree is not view.tree:
        # the configuration's extensions were not known when the view was made
        known = quick_findings(view)
        found += [finding for finding in check_template(desk.context, slow=False) if finding not in known]
    return found
