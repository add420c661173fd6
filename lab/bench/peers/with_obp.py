"""Estimate with Open Bandit Pipeline: `python with_obp.py LOGS.npz` prints estimates as JSON.

Its package imports learners that need more than its estimators do; only these are loaded.
"""

import importlib
import importlib.machinery
import json
import sys
import types
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import numpy as np


def main(path: str) -> list[dict[str, float]]:
    """Return IPS, SNIPS and DR of each log in the file."""
    estimators = _estimators()
    logs = np.load(path)
    found = []
    for number in range(int(logs["count"])):
        given = {name: logs[f"{name}{number}"] for name in ("reward", "logged", "target", "model")}
        found.append(_one(estimators, given, logs[f"choice{number}"]))
    return found


def _one(estimators: Any, given: dict[str, Any], choice: Any) -> dict[str, float]:  # noqa: ANN401  obp has no types
    shared = {
        "reward": given["reward"],
        "action": choice,
        "pscore": given["logged"],
        "action_dist": given["target"][:, :, None],
        "position": np.zeros(len(choice), dtype=int),
    }
    model = {"estimated_rewards_by_reg_model": given["model"][:, :, None]}
    return {
        "IPS": estimators.InverseProbabilityWeighting().estimate_policy_value(**shared),
        "SNIPS": estimators.SelfNormalizedInverseProbabilityWeighting().estimate_policy_value(
            **shared
        ),
        "DR": estimators.DoublyRobust().estimate_policy_value(**shared, **model),
    }


def _estimators() -> Any:  # noqa: ANN401  obp has no types
    folder = Path(str(distribution("obp").locate_file("obp")))
    for name, place in (("obp", folder), ("obp.ope", folder / "ope")):
        package = types.ModuleType(name)
        package.__path__ = [str(place)]
        package.__spec__ = importlib.machinery.ModuleSpec(name, None, is_package=True)
        sys.modules[name] = package
    # Its checks import torch for the types of functions that nobody calls here.
    torch = types.ModuleType("torch")
    torch.Tensor = torch.tensor = object  # type: ignore[attr-defined]  # a stand-in
    sys.modules.setdefault("torch", torch)
    return importlib.import_module("obp.ope.estimators")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1])))
