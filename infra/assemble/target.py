"""The machine that a function runs on, and the wheels it needs."""

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """Where functions run. `bundled` puts the libraries into each zip.

    The local engine runs every function on this machine, so its functions share one folder of
    libraries, found through PYTHONPATH: nothing is zipped, uploaded and unpacked nine times.
    """

    name: str
    python: str
    platform: str | None
    bundled: bool


LAMBDA = Target("lambda", "3.13", "aarch64-manylinux_2_28", bundled=True)
LAMBDA_X86 = Target("lambda-x86_64", "3.13", "x86_64-manylinux_2_28", bundled=True)
LOCAL = Target("local", f"{sys.version_info.major}.{sys.version_info.minor}", None, bundled=False)
SHIPPED = Target("shipped", LOCAL.python, None, bundled=True)
"""As Lambda gets it, for this machine: what the benchmark of cold starts runs."""
TARGETS = {target.name: target for target in (LAMBDA, LAMBDA_X86, LOCAL, SHIPPED)}
