"""litellm, imported when the first question comes: it costs seconds."""

import os
from decimal import Decimal

from functions.llm.ask import Attempt, Routing
from functions.llm.repository import Spending
from mos.aws.secrets import secrets
from mos.errors import UnavailableError


class LiteLlm:
    """The `Model` port on litellm. One try a call; none once the budget is spent."""

    def __init__(self, spending: Spending, task: str, day: str) -> None:
        self._spending = spending
        self._task = task
        self._day = day

    def complete(self, routing: Routing, prompt: str, messages: list[str]) -> tuple[str, Attempt]:
        keys = secrets().read(f"llm/{routing.provider}")
        if not keys:
            raise UnavailableError(routing.provider, "no key is stored")
        if self._spending.today(self._task, self._day) >= routing.daily_budget_usd:
            raise UnavailableError(routing.provider, "the day's budget is spent")
        os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
        import litellm  # noqa: PLC0415  seconds to import: paid only by calls that reach a model
        import openai  # noqa: PLC0415  comes with litellm

        roles = ("user", "assistant")
        turns = [{"role": roles[i % 2], "content": text} for i, text in enumerate(messages)]
        try:
            reply = litellm.completion(
                model=f"{routing.provider}/{routing.model}",
                messages=[{"role": "system", "content": prompt}, *turns],
                temperature=routing.temperature,
                max_tokens=routing.max_tokens,
                timeout=routing.timeout_seconds,
                api_key=keys[0],
                api_base=os.environ.get(f"MOS_PROVIDER_{routing.provider.upper()}") or None,
                response_format={"type": "json_object"},
                num_retries=0,
            )
        except openai.OpenAIError as error:  # every litellm error is one
            raise UnavailableError(routing.provider, type(error).__name__) from error
        usage = reply.usage
        try:
            usd = float(litellm.completion_cost(completion_response=reply))
        except (ValueError, openai.OpenAIError):
            usd = 0.0
        self._spending.add(self._task, self._day, Decimal(str(usd)))
        attempt = Attempt(
            model=routing.model,
            reason="answered",
            tokens_in=int(usage.prompt_tokens),
            tokens_out=int(usage.completion_tokens),
            usd=usd,
        )
        return str(reply.choices[0].message.content or ""), attempt
