"""An experiment and its report as the JSON objects of the contract."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from orch.commands.session_json import as_json
from orch.library.experiment_report import ArmReport, Report
from orch.library.experiments import ExperimentFile, problem_line
from orch.model.experiment import Experiment
from orch.model.reading import Problem


def experiment_json(path: Path, experiment: Experiment) -> dict[str, Any]:
    """What was declared: the keys of the file, without the salt."""
    return {
        "name": experiment.name,
        "path": str(path),
        "template": experiment.template,
        "feature_type": experiment.feature_type,
        "status": experiment.status,
        "started": as_json(experiment.started),
        "ended": as_json(experiment.ended),
        "min_per_arm": experiment.min_per_arm,
        "arms": [{"name": arm.name, "version": arm.version, "weight": arm.weight} for arm in experiment.arms],
    }


def problems_json(file: ExperimentFile, more: Sequence[Problem] = ()) -> list[dict[str, Any]]:
    """What is wrong with the file: line (from 1) and sentence; `more` is what other files tell of it."""
    return [
        {"line": problem_line(file, problem), "message": problem.sentence} for problem in (*file.problems, *more)
    ]


def report_json(path: Path, report: Report) -> dict[str, Any]:
    """The contract's report. From `seconds` on, the figures of an arm are medians over its outcomes.

    `seconds` is from the first step to the last; `run_seconds` and the tokens are what the models took.
    """
    return {
        **experiment_json(path, report.experiment),
        "enough": report.enough,
        "split_p": report.split_p,
        "winner": report.winner,
        "arms": [_arm_json(arm) for arm in report.arms],
        "doubts": list(report.doubts),
    }


def _arm_json(arm: ArmReport) -> dict[str, Any]:
    return {
        "name": arm.arm.name,
        "version": arm.arm.version,
        "weight": arm.arm.weight,
        "assigned": arm.assigned,
        "completed": arm.completed,
        "success": arm.success,
        "abandoned": arm.abandoned,
        "rate": arm.rate,
        "low": arm.low,
        "high": arm.high,
        "p_best": arm.p_best,
        "expected_loss": arm.expected_loss,
        "partial": arm.partial,
        "failure": arm.failure,
        "outcomes": arm.outcomes,
        "open": arm.open,
        "seconds": arm.seconds,
        "replans": arm.again,
        "run_seconds": arm.run_seconds,
        "input_tokens": arm.input_tokens,
        "output_tokens": arm.output_tokens,
    }
