"""Stand in for `cdk bootstrap` where the CDK command line is not used."""

from botocore.exceptions import ClientError

from lab.engine.engine import REGION, Running
from lab.engine.finish import client, empty

_VERSION = "/cdk-bootstrap/hnb659fds/version"


def prepare(running: Running) -> str:
    """Make what templates look at: the bucket of assets, whose name is returned, and a version."""
    bucket = f"cdk-hnb659fds-assets-{running.account}-{REGION}"
    s3 = client(running, "s3")
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError:
        s3.create_bucket(Bucket=bucket)
    client(running, "ssm").put_parameter(Name=_VERSION, Value="30", Type="String", Overwrite=True)
    return bucket


def make_way(running: Running) -> None:
    """Remove the stand-in, so that the real `cdk bootstrap` can make its own."""
    try:
        client(running, "cloudformation").describe_stacks(StackName="CDKToolkit")
    except ClientError:
        s3 = client(running, "s3")
        for bucket in s3.list_buckets()["Buckets"]:
            if bucket["Name"].startswith("cdk-hnb659fds-assets-"):
                empty(s3, bucket["Name"])
                s3.delete_bucket(Bucket=bucket["Name"])
        client(running, "ssm").delete_parameters(Names=[_VERSION])
