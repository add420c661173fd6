"""What `mos up` makes of the policies: an activation outlives a restart."""

from lab.local.policy import bring, replace
from mos.aws.bundles import BundleStore, key_of
from mos.memory.bucket import FakeBucket
from mos.policy.bundle.bundle import Bundle
from tests.builders import starter, without_holdout


def store_with(bundle: Bundle) -> BundleStore:
    store = BundleStore(FakeBucket())
    store.publish(bundle)
    store.activate(bundle.digest, "an operator")
    return store


def test_a_first_start_activates_the_repositorys_policies() -> None:
    store = BundleStore(FakeBucket())

    standing = bring(store, starter())

    assert (standing.active, standing.note) == (starter().digest, "")
    assert store.active_digest() == starter().digest
    assert bring(store, starter()) == standing


def test_what_somebody_activated_stays_active_and_the_other_is_at_hand() -> None:
    store = store_with(without_holdout())

    standing = bring(store, starter())

    assert standing.active == store.active_digest() == without_holdout().digest
    assert store.load(starter().digest).digest == starter().digest
    assert f"{without_holdout().digest[:12]} is still active" in standing.note
    assert f"mos policy activate {starter().digest}" in standing.note
    assert "\n" not in standing.note


def test_a_developer_may_have_the_repositorys_all_the_same() -> None:
    store = store_with(without_holdout())

    standing = replace(store, starter())

    assert standing.active == store.active_digest() == starter().digest
    assert store.roll_back("an operator") == without_holdout().digest


def test_a_bundle_that_cannot_be_read_gives_way_and_is_named() -> None:
    bucket = FakeBucket()
    bucket.put_new(key_of(without_holdout().digest), b"no bundle")
    bucket.put("pointers/active.json", b'{"digest": "%s"}' % without_holdout().digest.encode())

    standing = bring(BundleStore(bucket), starter())

    assert standing.active == starter().digest
    assert without_holdout().digest[:12] in standing.note
