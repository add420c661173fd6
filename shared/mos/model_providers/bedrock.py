"""Amazon Bedrock: Converse in one's own account, by IAM and without a key."""

from mos.model.model_provider import ModelProvider, Through

PROVIDER = ModelProvider(through=Through.CONVERSE, needs_key=False, in_account=True)
