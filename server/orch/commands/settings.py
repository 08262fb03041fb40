"""What the commands take from the configuration."""

from orch.commands.project import Project
from orch.library.configuration import load_configuration
from orch.model.session import FEATURE_TYPES


def project_name(project: Project) -> str:
    """The project's name: the configured one, else that of its folder."""
    return load_configuration(project.storage, project.root, project.user_config).project or project.root.name


def feature_type_names(project: Project) -> list[str]:
    """Orch's own feature types and those of the configuration."""
    own = load_configuration(project.storage, project.root, project.user_config).feature_types
    return list(dict.fromkeys((*FEATURE_TYPES, *own)))
