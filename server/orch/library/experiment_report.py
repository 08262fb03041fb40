"""What an experiment has shown so far: the contract's report, from the sessions that take part in it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

from orch.library.assignment import assigned_arm
from orch.library.statistics import posterior_summary, sample_ratio_p, wilson_interval
from orch.library.verdict import Verdict
from orch.model.experiment import Arm, Experiment
from orch.model.session import NO_COST, PHASES, Cost, Session

SPLIT_ALARM = 0.001
"""A p-value of the sample-ratio check below which the split is not what was promised."""

_ASKING = {"planning": "plan", "analysis": "analyze", "implementation": "implement"}


@dataclass(frozen=True, slots=True)
class Participant:
    """A session that takes part: its arm, how it ended, and what it took.

    `version` is the one that made its prompt. `finished` is when it was completed; `seconds` from the first step to
    that; `again` how often the prompt was made anew; `cost` what its runs took.
    """

    id: str
    arm: str
    version: str | None
    status: str
    result: str | None = None
    finished: datetime | None = None
    seconds: float | None = None
    again: int = 0
    cost: Cost = NO_COST


@dataclass(frozen=True, slots=True)
class ArmReport:
    """One arm. `outcomes` are the completed sessions that have a result; the rate is success over those.

    `low` and `high` are the 95 % interval. `p_best` and `expected_loss` are None until there is enough; what comes
    after them are medians over the outcomes, `run_seconds` and the tokens over those that have recorded runs.
    """

    arm: Arm
    assigned: int
    completed: int
    outcomes: int
    success: int
    partial: int
    failure: int
    abandoned: int
    open: int
    rate: float | None
    low: float
    high: float
    p_best: float | None = None
    expected_loss: float | None = None
    seconds: float | None = None
    again: float | None = None
    run_seconds: float | None = None
    input_tokens: float | None = None
    output_tokens: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The report of one experiment. `doubts` are sentences about what does not fit what was promised."""

    experiment: Experiment
    arms: tuple[ArmReport, ...]
    enough: bool
    split_p: float
    winner: str | None
    doubts: tuple[str, ...] = ()


def participant(session: Session, experiment: str) -> Participant | None:
    """What `session` brings to the experiment of that name; None when it does not take part."""
    phase = next((name for name in PHASES if session.phase(name).experiment == experiment), None)
    if phase is None:
        return None
    finished = [entry.at for entry in session.history if entry.step == "complete"]
    begun = session.created or (session.history[0].at if session.history else None)
    completed = session.status == "completed"
    asked = sum(entry.step == _ASKING[phase] for entry in session.history)
    return Participant(
        id=session.id,
        arm=session.phase(phase).arm or "",
        version=session.phase(phase).template,
        status=session.status,
        result=session.outcome.result if completed and session.outcome else None,
        finished=finished[-1] if completed and finished else None,
        seconds=max(0.0, (finished[-1] - begun).total_seconds()) if completed and finished and begun else None,
        again=max(0, asked - 1),
        cost=session.cost,
    )


def report(experiment: Experiment, participants: Iterable[Participant]) -> Report:
    """The report of `experiment` on those who take part in it."""
    by_arm: dict[str, list[Participant]] = {arm.name: [] for arm in experiment.arms}
    strangers: list[Participant] = []
    for one in participants:
        by_arm.get(one.arm, strangers).append(one)
    verdict = _verdict(experiment, by_arm)
    arms = [_arm_report(arm, by_arm[arm.name]) for arm in experiment.arms]
    if verdict.enough and arms:
        summary = posterior_summary([(arm.success, arm.outcomes) for arm in arms])
        arms = [_with_posterior(arm, *found) for arm, found in zip(arms, summary, strict=True)]
    split_p = sample_ratio_p([arm.assigned for arm in arms], [arm.arm.weight for arm in arms])
    best = verdict.winner
    return Report(
        experiment,
        tuple(arms),
        verdict.enough,
        split_p,
        experiment.arms[best].name if best is not None else None,
        tuple(_doubts(experiment, by_arm, strangers, split_p)),
    )


def _verdict(experiment: Experiment, by_arm: dict[str, list[Participant]]) -> Verdict:
    verdict = Verdict([arm.weight for arm in experiment.arms], experiment.min_per_arm)
    outcomes = [
        (one.finished.isoformat() if one.finished else "", one.id, index, one.result == "success")
        for index, arm in enumerate(experiment.arms)
        for one in by_arm[arm.name]
        if one.result is not None
    ]
    for _, _, index, success in sorted(outcomes):
        verdict.add(index, success)
    return verdict


def _arm_report(arm: Arm, members: Sequence[Participant]) -> ArmReport:
    results = Counter(one.result for one in members if one.result is not None)
    status = Counter(one.status for one in members)
    outcomes = sum(results.values())
    low, high = wilson_interval(results["success"], outcomes)
    done = [one for one in members if one.result is not None]
    return ArmReport(
        arm,
        assigned=len(members),
        completed=status["completed"],
        outcomes=outcomes,
        success=results["success"],
        partial=results["partial"],
        failure=results["failure"],
        abandoned=status["abandoned"],
        open=len(members) - status["completed"] - status["abandoned"],
        rate=results["success"] / outcomes if outcomes else None,
        low=low,
        high=high,
        seconds=_median(one.seconds for one in done),
        again=_median(one.again for one in done),
        run_seconds=_median(one.cost.seconds for one in done),
        input_tokens=_median(one.cost.input_tokens for one in done),
        output_tokens=_median(one.cost.output_tokens for one in done),
    )


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _with_posterior(arm: ArmReport, p_best: float, expected_loss: float) -> ArmReport:
    return replace(arm, p_best=p_best, expected_loss=expected_loss)


def _doubts(
    experiment: Experiment, by_arm: dict[str, list[Participant]], strangers: Sequence[Participant], split_p: float
) -> Iterable[str]:
    if split_p < SPLIT_ALARM:
        yield (
            f"The sessions are not split as the weights promise (p = {split_p:.2g}); find out why before you trust "
            "the rates."
        )
    if strangers:
        names = ", ".join(sorted({f"`{one.arm}`" for one in strangers}))
        yield f"{_sessions(len(strangers))} in an arm that the experiment does not have ({names}); not counted."
    other = sum(one.version != arm.version for arm in experiment.arms for one in by_arm[arm.name])
    if other:
        yield f"{_sessions(other)} with another version than that of the arm; counted in the arm all the same."
    moved = sum(assigned_arm(experiment, one.id).name != name for name, found in by_arm.items() for one in found)
    if moved:
        yield f"{_sessions(moved)} in another arm than the one that was drawn; counted where they are."


def _sessions(number: int) -> str:
    return "1 session is" if number == 1 else f"{number} sessions are"
