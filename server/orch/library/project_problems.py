"""What is wrong with a project's configuration, experiments and versions, as only a look at other files tells."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from orch.library.closure import closure_of
from orch.library.configuration import layer_problem, project_configuration, user_configuration
from orch.library.experiments import ExperimentFile
from orch.library.layers import Library, points_back, shared_folder
from orch.library.resolution import Found, find_working_copy
from orch.library.version_files import (
    VersionFile,
    load_parts,
    load_version,
    merged_versions,
    read_version_file,
)
from orch.library.version_history import merged_sentence, shared_numbers
from orch.library.version_index import version_at, version_folders
from orch.model.config import Configuration
from orch.model.reading import Problem
from orch.model.reference import EXTENSIONS, BadReference, parse_reference


def configuration_problems(library: Library, text: str, root: Path, user_config: Path | None) -> list[Problem]:
    """What is wrong with the layers that a configuration names; `user_config` is its folder if it is the user's."""
    if user_config is None:
        configuration, problems = project_configuration(text, root)
    else:
        configuration, problems = user_configuration(text)
    return [*problems, *_layer_problems(library, configuration, text, root, user_config)]


def _layer_problems(
    library: Library, configuration: Configuration, text: str, root: Path, user_config: Path | None
) -> Iterator[Problem]:
    folders: dict[Path, str] = {}
    for layer in configuration.layers:
        folder = shared_folder(layer, root, user_config or root)
        if user_config is not None and points_back(folder, user_config):
            sentence = f"The layer `{layer.name}` points back at your own folder; give it a folder of its own."
            yield layer_problem(text, layer.name, sentence)
        elif folder in folders:
            sentence = f"The layer `{layer.name}` has the folder of `{folders[folder]}`; give it one of its own."
            yield layer_problem(text, layer.name, sentence)
        elif not library.files.list(folder / "templates", EXTENSIONS[-1], deep=True):
            sentence = f"The layer `{layer.name}` has no templates: there are none in {layer.path}/templates."
            yield layer_problem(text, layer.name, sentence.replace("/templates/templates", "/templates"))
        folders.setdefault(folder, layer.name)


def experiment_problems(library: Library, file: ExperimentFile, others: Sequence[ExperimentFile]) -> list[Problem]:
    """Versions of the arms that cannot be used, and another experiment that runs for the same template and type."""
    if not file.runs:
        return []
    found: list[Problem] = []
    clashing = [one for one in others if one.runs and one.experiment.path == file.experiment.path]
    if file.experiment.template and len(clashing) > 1:
        names = " and ".join(f"`{one.experiment.name}`" for one in clashing)
        sentence = f"{names} both run for {file.experiment.path}, so neither assigns a session; stop one of them."
        found.append(Problem(("template",), sentence))
    for at, arm in enumerate(file.experiment.arms):
        reference = parse_reference(arm.version, library.feature_types)
        if isinstance(reference, BadReference):
            continue  # it is no full reference, which the file alone tells
        version = load_version(library, reference, file.experiment.feature_type or "")
        whole = version if isinstance(version, BadReference) else closure_of(library, version, "", dynamic=False)
        if isinstance(whole, BadReference):
            found.append(Problem(("arms", at, "version"), f"The arm `{arm.name}` cannot be used. {whole.sentence}"))
    return found


def version_file(library: Library, path: Path) -> VersionFile | None:
    """The version whose file is at `path`, by its place and name alone; None for any other file."""
    for folder, layer in version_folders(library):
        if path.is_relative_to(folder):
            return version_at(library, folder, layer, path)
    return None


def version_problems(library: Library, file: VersionFile) -> tuple[list[Problem], list[Problem]]:
    """What keeps a version from being used, and what is only to be told of it: a parent that is gone."""
    read = read_version_file(library, file)
    if isinstance(read, BadReference):
        return [Problem(("digest",), read.sentence)], []
    assert read.version is not None
    parts = load_parts(library, read.version)
    wrong = [Problem(("parts",), parts.sentence)] if isinstance(parts, BadReference) else []
    return wrong, list(_parent_problem(library, read))


def _parent_problem(library: Library, found: Found) -> Iterator[Problem]:
    parent = found.version.parent if found.version is not None else None
    reference = parse_reference(parent, library.feature_types) if parent else None
    if reference is None:
        return
    missing = reference if isinstance(reference, BadReference) else load_version(library, reference, "")
    if isinstance(missing, BadReference):
        yield Problem(("parent",), f"The version that came before it cannot be had: {missing.sentence}")


def duplicate_sentences(library: Library, file: VersionFile) -> list[str]:
    """What is to be said of a version that shares its number, where no working copy is there to say it of."""
    if find_working_copy(library, file.id) is not None:
        return []
    shared = shared_numbers(library, file.id).get(file.number, [])
    others = " and ".join(f"`{one.reference}`" for one in shared if one != file) if file in shared else ""
    merged = merged_versions(library, file)
    return [
        *([f"Version {file.number} exists more than once: {others} has the number too."] if others else []),
        *([merged_sentence(file, merged)] if merged else []),
    ]
