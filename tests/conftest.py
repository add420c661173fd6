"""What every test stands on: the same examples in every run, however slow the machine is."""

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")

# Hypothesis draws from the constants of every module imported so far, too: of whatever other tests
# this process has run. It has no setting for that.
assert callable(providers._get_local_constants)  # noqa: SLF001  see above
_NONE = providers.Constants()
providers._get_local_constants = lambda: _NONE  # noqa: SLF001  see above
