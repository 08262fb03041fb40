"""What holds for all tests: hypothesis looks at the same examples each time, and no clock decides."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
# HYPOTHESIS_PROFILE=explore looks for new examples, on the machine of whoever wants to
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))
