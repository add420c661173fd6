"""How much of what people say of themselves one profile holds. Pure."""

from collections.abc import Mapping

from mos.model.profile import Trait

_MOST, _BYTES, _BESIDE = 300, 150_000, 120
_OURS = frozenset({
    "name", "first_name", "last_name", "title", "email", "phone", "country", "role", "buying_role",
    "company_domain", "company_name", "lifecycle_stage", "lead_status",
})  # fmt: skip


def fitting(traits: Mapping[str, Trait]) -> dict[str, Trait]:
    """Return the traits that a stored profile has room for.

    Where there are too many, those that policy knows by name stay, then those stated last: somebody
    who sends thousands of made-up attributes loses the oldest of them, and nothing else.
    """
    sizes = {name: _size(name, trait) for name, trait in traits.items()}
    if len(traits) <= _MOST and sum(sizes.values()) <= _BYTES:
        return dict(traits)
    ranked = sorted(traits, key=lambda n: (n in _OURS, traits[n].at, n), reverse=True)
    kept: dict[str, Trait] = {}
    room = _BYTES
    for name in ranked[:_MOST]:
        room -= sizes[name]
        if room < 0:
            break
        kept[name] = traits[name]
    return kept


def _size(name: str, trait: Trait) -> int:
    return len(name.encode()) + len(str(trait.value).encode()) + _BESIDE
