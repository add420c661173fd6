"""The data layer measures nothing: what measures stays out of its start."""

import subprocess
import sys


def test_the_data_layer_starts_without_numpy() -> None:
    code = "import functions.data.handler, sys; print('numpy' in sys.modules)"

    said = subprocess.run(  # noqa: S603  our own arguments
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "False"
