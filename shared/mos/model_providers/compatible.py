"""Any server that speaks OpenAI's chat completions: vLLM, llama.cpp, a gateway."""

from mos.model.model_provider import ModelProvider

PROVIDER = ModelProvider(
    prefix="hosted_vllm", needs_key=False, needs_endpoint=True, in_account=True
)
