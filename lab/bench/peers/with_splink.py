"""Match with Splink: `python splink.py LEFT [RIGHT]` prints pairs and seconds as JSON.

Set up as its documentation does for these fields: frequency adjustment, several blocking rules,
u by random sampling, m by expectation–maximisation in sessions that block on different fields.
"""

import json
import logging
import resource
import sys
import time
from typing import Any

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

_NAMES = ["given_name", "surname"]
_PLACES = ["street_number", "address_1", "address_2", "suburb", "postcode", "state"]
_RULES = [
    ("given_name", "surname"),
    ("surname", "postcode"),
    ("given_name", "postcode"),
    ("surname", "suburb"),
    ("given_name", "suburb"),
    ("street_number", "address_1"),
    ("street_number", "suburb"),
    ("street_number", "postcode"),
    ("address_1",),
    ("address_2", "state"),
    ("suburb", "postcode"),
    ("substr(surname, 1, 3)", "substr(given_name, 1, 3)", "state"),
]


def main(files: list[str]) -> dict[str, Any]:
    """Return the pairs with a probability of at least one half, and what they took."""
    frames = [_read(file) for file in files]
    began = time.perf_counter()
    linked = len(frames) > 1
    api = DuckDBAPI()
    tables = [api.register(frame, table_name=f"s{i}") for i, frame in enumerate(frames)]
    linker = Linker(
        tables if linked else tables[0], _settings(linked=linked), log_level=logging.ERROR
    )
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("given_name", "surname", "postcode"), block_on("surname", "address_1", "suburb")],
        recall=0.6,
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (("postcode",), ("given_name", "surname"), ("suburb", "street_number")):
        training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    predicted = linker.inference.predict(threshold_match_probability=0.5)
    if linked:
        pairs = _one_to_one(predicted.as_pandas_dataframe())
    else:
        groups = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predicted, threshold_match_probability=0.5
        ).as_pandas_dataframe()
        pairs = _within(groups)
    took = time.perf_counter() - began
    return {"pairs": pairs, "seconds": took, "peak_mb": _peak()}


def _read(file: str) -> pd.DataFrame:
    frame = pd.read_csv(file, dtype=str, skipinitialspace=True)
    frame.columns = frame.columns.str.strip()
    return frame.rename(columns={"rec_id": "unique_id"})[["unique_id", *_NAMES, *_PLACES]]


def _settings(*, linked: bool) -> SettingsCreator:
    tf = {"term_frequency_adjustments": True}
    return SettingsCreator(
        link_type="link_only" if linked else "dedupe_only",
        comparisons=[
            cl.ForenameSurnameComparison("given_name", "surname"),
            cl.LevenshteinAtThresholds("street_number", [1]).configure(**tf),
            cl.JaroWinklerAtThresholds("address_1", [0.9, 0.8]).configure(**tf),
            cl.JaroWinklerAtThresholds("address_2", [0.9, 0.8]).configure(**tf),
            cl.JaroWinklerAtThresholds("suburb", [0.9, 0.8]).configure(**tf),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(**tf),
            cl.DamerauLevenshteinAtThresholds("state", [1]).configure(**tf),
        ],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in _RULES],
    )


def _one_to_one(frame: pd.DataFrame) -> list[tuple[str, str]]:
    lefts, rights, pairs = set(), set(), []
    best = frame.sort_values("match_weight", ascending=False)
    for a, b in zip(best["unique_id_l"], best["unique_id_r"], strict=True):
        if a not in lefts and b not in rights:
            lefts.add(a)
            rights.add(b)
            pairs.append((a, b))
    return pairs


def _within(frame: pd.DataFrame) -> list[tuple[str, str]]:
    found = []
    for _, group in frame.groupby("cluster_id"):
        ids = sorted(group["unique_id"])
        found += [(a, b) for i, a in enumerate(ids) for b in ids[i + 1 :]]
    return found


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1:])))
