"""Say whether a person or a machine opened, clicked or looked. Pure."""

import re

from mos.model.signal import Actor

Judged = tuple[Actor, str]
"""The actor, and why we think so."""

UNJUDGED: Judged = (Actor.UNKNOWN, "not_classified")

_BOT = re.compile(
    r"bot\b|crawl|spider|headless|phantomjs|python-requests|curl/|wget/|proofpoint|mimecast"
    r"|barracuda|safelinks|fireeye|symantec|trendmicro",
    re.IGNORECASE,
)


def judge(user_agent: object) -> Judged:
    """Return what a user agent gives away: Apple's privacy proxy sends the bare word `Mozilla/5.0`.

    >>> judge("Mozilla/5.0")[1]
    'apple_mail_privacy'
    """
    if not isinstance(user_agent, str) or not user_agent.strip():
        return UNJUDGED
    if user_agent.strip() == "Mozilla/5.0":
        return Actor.MACHINE, "apple_mail_privacy"
    if _BOT.search(user_agent[:500]):
        return Actor.MACHINE, "user_agent_of_a_machine"
    return UNJUDGED
