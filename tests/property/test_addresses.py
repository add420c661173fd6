"""No address that leads inside is called, whatever it is wrapped in."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from hypothesis import given
from hypothesis import strategies as st

from mos.aws.exchange.address import is_public

INSIDE = [
    IPv4Network(n)
    for n in ("10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
              "100.64.0.0/10", "0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4")
]  # fmt: skip
V6_INSIDE = [IPv6Network(n) for n in ("fc00::/7", "fe80::/10", "ff00::/8", "::1/128", "::/128")]


def within(networks: list[IPv4Network]) -> st.SearchStrategy[IPv4Address]:
    return st.sampled_from(networks).flatmap(lambda n: st.ip_addresses(v=4, network=n))


def wrap(address: IPv4Address) -> list[str]:
    """Return every form in which an IPv4 address travels in IPv6."""
    number = int(address)
    return [
        str(address),
        str(IPv6Address((0xFFFF << 32) | number)),
        str(IPv6Address((0x64FF9B << 96) | number)),
        str(IPv6Address((0x2002 << 112) | (number << 80))),
        str(IPv6Address((0x20010000 << 96) | (number ^ 0xFFFFFFFF))),
    ]


@given(within(INSIDE))
def test_an_inner_address_is_inner_in_every_wrapping(address: IPv4Address) -> None:
    assert not any(is_public(form) for form in wrap(address))


@given(st.sampled_from(V6_INSIDE).flatmap(lambda n: st.ip_addresses(v=6, network=n)))
def test_an_inner_address_of_ipv6_is_inner(address: IPv6Address) -> None:
    assert not is_public(str(address))
    assert not is_public(f"{address}%eth0")


@given(st.text())
def test_what_is_no_address_is_not_public(text: str) -> None:
    try:
        IPv4Address(text)
    except ValueError:
        assert not is_public(text) or ":" in text
