"""What other templates can see of one: when it changes, the open ones are checked again."""

from collections.abc import Hashable, Iterator

from orch.ide.template_view import TemplateView
from orch.rules.template_context import Analysis
from orch.rules.template_front import asked_for
from orch.rules.template_handed import careful_parameters
from orch.rules.template_macros import macro_of
from orch.syntax.jinja_names import BindKind


def template_offered(view: TemplateView) -> Hashable:
    """The names, macros, blocks, inputs and requests of a template: what its users and its parts depend on."""
    analysis = view.analysis
    scopes = analysis.scopes
    return (
        tuple((variable.name, variable.kind) for variable in scopes.variables),
        tuple((block.bind.name, block.required, block.scoped) for block in scopes.blocks),
        tuple((a.wanted.names, a.wanted.dynamic, a.wanted.with_context, a.certain) for a in scopes.asking),
        tuple(sorted({entry.read.name for entry in scopes.free})),
        frozenset(scopes.tested),
        tuple(analysis.front.inputs),
        tuple(_macros(analysis)),
        tuple(asked_for(view.tree)),
        view.tree.broken,
    )


def _macros(analysis: Analysis) -> Iterator[Hashable]:
    """How each macro that can be imported is called, and what it does with what it is given."""
    for variable in analysis.scopes.root.all.values():
        macro = macro_of(analysis, variable) if variable.kind is BindKind.MACRO else None
        if macro is not None:
            called = (macro.signature, macro.needed, macro.takes_caller, macro.needs_caller)
            yield (*called, tuple(careful_parameters(macro)))
