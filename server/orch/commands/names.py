"""The names of the commands, and the module of `commands` that each stands in. Importing it costs nothing."""

MODULES = {
    "orch.session.plan": "plan",
    "orch.session.process": "process",
    "orch.session.analyze": "analyze",
    "orch.session.saveAnalysis": "save_analysis",
    "orch.session.implement": "implement",
    "orch.session.saveImplementation": "save_implementation",
    "orch.session.complete": "complete",
    "orch.session.reopen": "reopen",
    "orch.session.abandon": "abandon",
    "orch.session.next": "next_step",
    "orch.session.answer": "answer",
    "orch.session.fill": "fill",
    "orch.session.prompt": "prompt",
    "orch.session.list": "list_sessions",
    "orch.session.show": "show",
    "orch.session.standing": "standing",
    "orch.session.edit": "edit",
    "orch.session.followUp": "follow_up",
    "orch.session.featureTypes": "feature_types",
}

COMMAND_NAMES: tuple[str, ...] = tuple(MODULES)
