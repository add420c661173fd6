"""The models of a stage's providers, asked from here."""

import sys
from importlib.util import find_spec
from pathlib import Path

from functions.llm.call import Model

_LIBRARIES = Path(__file__).parents[2] / ".build/libraries/local"


def open_live() -> Model:
    """Return the models of the stage's providers, with the stage's own keys.

    Raises:
        ValueError: the library that speaks to them is not here.
    """
    from cli.deployment import deployment  # noqa: PLC0415  slow: reaches AWS
    from functions.llm.models.routed import RoutedModels  # noqa: PLC0415  only what asks pays
    from mos.aws.secrets import SsmSecrets  # noqa: PLC0415  as above

    _find_library()
    where = deployment()
    return RoutedModels(SsmSecrets(where.stage, lambda: where.client("ssm")).read)


def _find_library() -> None:
    """Put the llm function's own libraries behind ours: no other part of this carries them."""
    for folder in sorted(_LIBRARIES.glob("llm-*")):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
    if find_spec("litellm") is None:
        raise ValueError(
            "--live needs the llm function's libraries: `mos up` puts them into .build, or "
            "`pip install --require-hashes -r requirements/llm.txt`"
        )
