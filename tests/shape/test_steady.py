"""The same examples in every run: no test's depend on what was imported before it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DRAW = """
import sys
import tests.conftest
for name in sys.argv[1:]:
    __import__(name)
from hypothesis import given, settings, strategies as st
seen = []
@settings(max_examples=60)
@given(st.text(), st.integers())
def drawn(text, number):
    seen.append((text, number))
drawn()
print(ascii(seen))
"""


def draw(*imported: str) -> str:
    command = [sys.executable, "-c", DRAW, *imported]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  our own arguments
    return ran.stdout


def test_examples_do_not_depend_on_what_was_imported_before() -> None:
    assert draw() == draw("mos.vocabulary.company_host", "mos.policy.facts")
