"""A rep is known by their mailbox, however a CRM or a list writes it."""

import pytest

from tests.acceptance.test_a3_turns import edited, route
from tests.builders import starter


@pytest.mark.parametrize(
    "written",
    ["ida.marsh@firm.example", "Ida.Marsh@Firm.example", " mailto:ida.marsh@firm.example ",
     "email:ida.marsh@FIRM.example", "Marsh, Ida <Ida.Marsh@firm.example>"],
)  # fmt: skip
@pytest.mark.parametrize("listed", ["Ida.Marsh@Firm.example", "hubspot:ida.marsh@firm.example"])
def test_an_owner_is_known_by_their_mailbox(written: str, listed: str) -> None:
    named = edited("tables/routing/reps.csv", "hubspot:88800102", f"hubspot:88800102 | {listed}")
    said = {"account__domain": "acme.example", "account__owner_stated": written}

    assert route("acc_1", bundle=named, ae=True, **said).owner == "ae-marsh"
    unknown = route("acc_1", bundle=starter(), ae=True, **said)
    assert not any("@" in one for one in unknown.skipped)


def test_a_rep_who_is_called_by_their_mailbox_is_known_in_any_case() -> None:
    named = edited("tables/routing/reps.csv", "ae-marsh", "Ida@Firm.example")
    said = {"account__domain": "acme.example", "account__owner_stated": "ida@firm.EXAMPLE"}

    assert route("acc_1", bundle=named, ae=True, **said).owner == "Ida@Firm.example"
