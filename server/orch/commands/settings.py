"""What the commands take from the configuration."""

from orch.commands.project import Project
from orch.library.configuration import load_configuration
from orch.library.layers import Library, open_library
from orch.model.session import FEATURE_TYPES


def project_name(project: Project) -> str:
    """The project's name: the configured one, else that of its folder."""
    return load_configuration(project.storage, project.root, project.user_config).project or project.root.name


def feature_type_names(project: Project) -> list[str]:
    """Orch's own feature types and those of the configuration."""
    own = load_configuration(project.storage, project.root, project.user_config).feature_types
    return list(dict.fromkeys((*FEATURE_TYPES, *own)))


def project_library(project: Project) -> Library:
    """The templates that the project can use. Nothing of them is read yet, and nothing of Jinja imported."""
    configuration = load_configuration(project.storage, project.root, project.user_config)
    return open_library(project.storage, project.root, project.user_config, project.builtins, configuration)
