"""A declared topic is read once, and asked for every candidate of every decision."""

from mos.policy.bundle.bundle import Bundle
from mos.policy.topics import find_topic
from tests.builders import starter


def test_a_topic_is_read_once_and_each_bundle_has_its_own() -> None:
    bundle = starter()
    name = bundle.names("topics")[0]
    bare = Bundle({f: body for f, body in bundle.files.items() if not f.startswith("topics/")})

    assert find_topic(name, bundle) is find_topic(name, bundle)
    assert find_topic(name, bare) is None
    assert find_topic("no_such_topic", bundle) is None
