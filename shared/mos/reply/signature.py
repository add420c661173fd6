"""Cut the signature from what somebody has written. Pure."""

from mos.reply.folding import fold
from mos.reply.page import compile_marks


def cut_signature(text: str) -> str:
    r"""Return what somebody has written above their signature, and an afterthought below it.

    >>> cut_signature("Call me.\nBest regards,\nAda\nCTO, 5 May\nPS: unsubscribe me")
    'Call me.\nPS: unsubscribe me'
    """
    marks, lines = compile_marks("signature"), text.splitlines()
    for at, line in enumerate(lines):
        folded = fold(line).strip()
        is_closing = bool(marks["closing"].match(folded)) and any(
            kept.strip() for kept in lines[:at]
        )
        if marks["mark"].match(line.strip()) or marks["device"].match(folded) or is_closing:
            later = marks["afterthought"]
            after = [one for one in lines[at + 1 :] if later.match(fold(one).strip())]
            return "\n".join([*lines[:at], *after]).strip()
    return text.strip()
