"""What is kept is encrypted, recoverable, and forgotten in time."""

from mos.path import TABLES
from tests.infra.template import Templates


def test_every_table_of_the_path_exists(templates: Templates) -> None:
    names = {t.properties["TableName"] for t in templates.of("AWS::DynamoDB::Table")}

    assert names == {f"mos-test-{table}" for table in TABLES}


def test_every_table_is_encrypted_recoverable_and_protected(templates: Templates) -> None:
    for table in templates.of("AWS::DynamoDB::Table"):
        held = table.properties
        assert held["SSESpecification"]["SSEType"] == "KMS"
        assert "KMSMasterKeyId" in held["SSESpecification"]
        assert held["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
        assert held["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
        assert held["BillingMode"] == "PAY_PER_REQUEST"
        assert held["DeletionProtectionEnabled"]
        assert table.body["DeletionPolicy"] == "Retain"


def test_every_bucket_is_private_versioned_and_encrypted(templates: Templates) -> None:
    for bucket in templates.of("AWS::S3::Bucket"):
        held = bucket.properties
        assert set(held["PublicAccessBlockConfiguration"].values()) == {True}
        assert held["VersioningConfiguration"] == {"Status": "Enabled"}
        rule = held["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"


def test_buckets_and_queues_refuse_plain_http(templates: Templates) -> None:
    for kind, holder in (("AWS::S3::Bucket", "Bucket"), ("AWS::SQS::Queue", "Queues")):
        refusing = set()
        for policy in templates.of(f"{kind}Policy"):
            statements = policy.properties["PolicyDocument"]["Statement"]
            if any(s["Effect"] == "Deny" and "Bool" in s.get("Condition", {}) for s in statements):
                held = policy.properties[holder]
                refusing |= {
                    templates.name(policy.stack, one)
                    for one in (held if isinstance(held, list) else [held])
                }
        named = {templates.name(r.stack, {"Ref": r.id}) for r in templates.of(kind)}
        assert named == refusing


def test_a_bundle_cannot_be_overwritten(templates: Templates) -> None:
    statements = [
        statement
        for policy in templates.of("AWS::S3::BucketPolicy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if statement["Action"] == "s3:PutObject"
    ]

    assert [s["Condition"]["Null"] for s in statements] == [{"s3:if-none-match": "true"}]
    assert statements[0]["Effect"] == "Deny"


def test_keys_rotate(templates: Templates) -> None:
    # KMS rotates no asymmetric key: the one that signs is replaced by a new one.
    keys = [k.properties for k in templates.of("AWS::KMS::Key") if "KeySpec" not in k.properties]

    assert len(keys) == 2
    assert all(key["EnableKeyRotation"] for key in keys)
