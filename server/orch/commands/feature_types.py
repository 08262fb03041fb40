"""featureTypes: the feature types to choose from, and the one that a request points to."""

from dataclasses import dataclass

from orch.commands.command import Command
from orch.commands.outcome import Outcome, Refusal
from orch.commands.project import Project
from orch.commands.settings import feature_type_names
from orch.workflow.naming import guess_feature_type


@dataclass(frozen=True, slots=True)
class FeatureTypesParams:
    """The request whose words point to a type."""

    request: str = ""


def feature_types(project: Project, params: FeatureTypesParams) -> Outcome | Refusal:
    """`{types: [...], suggested}`: Orch's own types and those of the configuration."""
    return Outcome(
        {"types": feature_type_names(project), "suggested": guess_feature_type(params.request)},
    )


COMMAND = Command(
    "orch.session.featureTypes", FeatureTypesParams, feature_types, "List the feature types", changes=False
)
