"""What a bucket promises, kept by the one in memory and by S3 alike."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from mos.aws.bucket import S3Bucket
from mos.aws.clients import client
from mos.errors import MissingError
from mos.memory.bucket import FakeBucket
from mos.ports import Bucket

ENV = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@pytest.fixture(params=["memory", pytest.param("s3", marks=pytest.mark.integration)])
def bucket(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    if request.param == "memory":
        yield FakeBucket()
        return
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name, value in ENV.items():
        monkeypatch.setenv(name, value)
    client.cache_clear()
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="contract-bucket")
        yield S3Bucket("contract-bucket")
    client.cache_clear()


def test_what_was_put_is_read_back(bucket: Bucket) -> None:
    bucket.put("a", b"one")
    bucket.put("a", b"two")

    assert bucket.get("a") == b"two"
    assert bucket.exists("a")


def test_what_is_not_there_is_nothing(bucket: Bucket) -> None:
    assert bucket.get("a") is None
    assert not bucket.exists("a")


def test_a_taken_key_stays_as_it_is(bucket: Bucket) -> None:
    assert bucket.put_new("a", b"one", {"source": "test"})

    assert not bucket.put_new("a", b"two")

    assert bucket.get("a") == b"one"


def test_keys_are_listed_by_prefix_in_order(bucket: Bucket) -> None:
    for key in ("b/2", "a/1", "b/1"):
        bucket.put(key, b"")

    assert bucket.keys("b/") == ["b/1", "b/2"]
    assert bucket.keys() == ["a/1", "b/1", "b/2"]


def test_a_part_of_an_object_is_read_and_none_past_its_end(bucket: Bucket) -> None:
    bucket.put("a", b"0123456789")
    bucket.put("empty", b"")

    assert bucket.part("a", 2, 3) == b"234"
    assert bucket.part("a", 8, 100) == b"89"
    assert bucket.part("a", 10, 5) == b""
    assert bucket.part("empty", 0, 5) == b""


def test_a_part_of_what_is_not_there_is_missing(bucket: Bucket) -> None:
    with pytest.raises(MissingError, match="a"):
        bucket.part("a", 0, 1)
