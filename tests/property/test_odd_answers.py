"""Whatever a provider answers, a delivery ends or waits: no answer is too odd for the engine."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.bench.hands import NOON, Hands, decided, list_channels, somebody
from mos.model.call import Call, CallReply
from tests.property.worlds import modest

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["results", "errors", "id", "error", "code", "MessageId", "num_received"]),
        inner, max_size=3,
    ),
    max_leaves=8,
)  # fmt: skip


class Odd:
    """A provider that answers what it likes."""

    def __init__(self, status: int, body: bytes) -> None:
        self.reply = CallReply(status, {}, body)

    def exchange(self, call: Call) -> CallReply:
        assert call.url.startswith("https://")
        return self.reply


@pytest.mark.parametrize("channel", sorted(list_channels()))
@modest(60)
@given(
    st.sampled_from([200, 201, 204, 207, 302, 400, 401, 404, 409, 429, 500, 503]),
    JSON.map(lambda said: json.dumps(said).encode()) | st.binary(max_size=20),
)
def test_an_odd_answer_ends_or_holds_a_delivery(channel: str, status: int, body: bytes) -> None:
    hands = Hands(exchange=Odd(status, body))
    hands.know(somebody(1))

    said = hands.ask(decided(channel, 1), NOON, "one")

    kept = hands.actions.get(f"ACTION#{said.action_id}", "DELIVERY")
    assert kept is not None
    assert '"status":"claimed"' not in kept.body
