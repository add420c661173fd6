"""A plug-in of pytest (`-p tests.other_clock`) that moves the clock to `OTHER_CLOCK`."""

import os

import time_machine


def pytest_configure() -> None:
    time_machine.travel(os.environ["OTHER_CLOCK"]).start()
