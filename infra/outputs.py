"""What a stack tells the command line."""

from aws_cdk import CfnOutput, Stack


def tell(stack: Stack, **values: str) -> None:
    """Add the values to the stack's outputs."""
    for name, value in values.items():
        CfnOutput(stack, name, value=value)
