"""What a report says, in words for people: one sentence of the state, and how shares are written."""

from orch.library.experiment_report import ArmReport, Report


def verdict_sentence(report: Report) -> str:
    """What can be said now, and no more than that."""
    if not report.enough:
        wanted = report.experiment.min_per_arm
        have = ", ".join(f"`{arm.arm.name}` has {arm.outcomes}" for arm in report.arms)
        return f"Not enough data yet: each arm wants {wanted} outcomes, and {have}."
    if report.winner is not None:
        return f"`{report.winner}` is better than every other arm; the evidence holds however often one looks."
    best = max(report.arms, key=lambda arm: arm.p_best or 0.0)
    if sum(percent(arm.p_best) == percent(best.p_best) for arm in report.arms) > 1:
        return "No winner yet: no arm is ahead of all others."
    return (
        f"No winner yet: `{best.arm.name}` is ahead, with a probability of {percent(best.p_best)} to be the best; "
        "the evidence does not hold under repeated looks."
    )


def percent(share: float | None) -> str:
    """A share as people read it; nothing that is not certain is written as 0 or 100 %."""
    if share is None:
        return "-"
    if 0 < share < 0.001:
        return "< 0.1 %"
    if 0.999 < share < 1:
        return "> 99.9 %"
    return f"{share * 100:.1f} %"


def rate_words(arm: ArmReport) -> str:
    """The rate of an arm with its interval."""
    interval = f"{arm.low * 100:.0f} to {arm.high * 100:.0f} %"
    return f"{percent(arm.rate)} ({interval})" if arm.rate is not None else "-"
