"""Which arm of an experiment a session belongs to: a hash decides, the same on every machine."""

import hashlib

from orch.model.experiment import Arm, Experiment


def assigned_arm(experiment: Experiment, session_id: str) -> Arm:
    """The arm for the session.

    The first 8 bytes of sha256(`salt:session id`) as an unsigned big-endian integer over 2^64, held against the
    cumulative weights in file order; the last arm takes the rest. There must be an arm, and all weights positive.
    """
    digest = hashlib.sha256(f"{experiment.salt}:{session_id}".encode("utf-8", "replace")).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64
    total = sum(arm.weight for arm in experiment.arms)
    reached = 0.0
    for arm in experiment.arms[:-1]:
        reached += arm.weight
        if place < reached / total:
            return arm
    return experiment.arms[-1]
