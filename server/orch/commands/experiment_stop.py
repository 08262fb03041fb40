"""experiment stop: no more sessions are assigned; the report stays."""

from dataclasses import dataclass

from orch.commands.command import Command
from orch.commands.experiment_files import find_experiment
from orch.commands.experiment_json import experiment_json
from orch.commands.outcome import FileEdit, Outcome, Refusal
from orch.commands.project import Project
from orch.commands.session_files import relative
from orch.library.experiments import experiment_file
from orch.model.experiment import STOPPED
from orch.syntax.toml_edit import EditProblem, Set, edit_toml


@dataclass(frozen=True, slots=True)
class ExperimentStopParams:
    """The experiment's name."""

    name: str


def stop_experiment(project: Project, params: ExperimentStopParams) -> Outcome | Refusal:
    """Stops an experiment, also one with something wrong in it. Sessions keep the arms that they have."""
    file = find_experiment(project, params.name)
    if isinstance(file, Refusal):
        return file
    if file.experiment.status == STOPPED:
        return Refusal(f"The experiment {params.name!r} has been stopped already.")
    ended = project.clock().replace(microsecond=0)
    edited = edit_toml(file.text, [Set(("status",), STOPPED), Set(("ended",), ended)])
    if isinstance(edited, EditProblem) or not file.text:
        why = edited.sentence if isinstance(edited, EditProblem) else file.problems[0].sentence
        return Refusal(f"{relative(project, file.path)} cannot be changed: {why}")
    stopped = experiment_file(file.path, edited.text).experiment
    said = (
        f"Stopped {params.name}. New sessions get the template that the layers give; orch experiment report "
        f"{params.name} still tells what was found."
    )
    return Outcome(
        experiment_json(file.path, stopped),
        edits=(FileEdit(file.path, file.text, edited.text, edited.edits),),
        notices=(said,),
    )


COMMAND = Command("orch.experiment.stop", ExperimentStopParams, stop_experiment, "Stop an experiment")
