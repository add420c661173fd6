"""What an id names: a decision, a delivery, a notice, a signal, a run, a company or a group."""

from collections.abc import Callable, Mapping

from functions.agent.names import name_companies, name_people, say_whom
from functions.agent.notices import MARK, find_notice, find_notice_delivery, say_notice
from functions.agent.sent import say_delivery
from functions.agent.subject import name_company, read_account, stage
from functions.agent.tool import Desk
from mos.model.account import Account, BuyingGroup
from mos.model.base import Noun, derive_id
from mos.model.decision import Decision
from mos.model.delivery import Delivery
from mos.model.signal import Signal


class Found(Noun):
    """Something that the text may mean, with the id to ask other tools about.

    It is a `guess` where it is only called nearly so: "did you mean".
    """

    kind: str
    id: str
    name: str
    title: str | None = None
    account_id: str | None = None
    domain: str | None = None
    stage: str | None = None
    guess: bool = False


def find_by_id(text: str, desk: Desk) -> Found | None:
    """Return what has this id, whole as it is; None where nothing has, or it is no such id."""
    look = _BY_ID.get(text[:4])
    return look(text, desk) if look else None


def _find_decision(decision_id: str, desk: Desk) -> Found | None:
    record = desk.tables("decisions").get(f"DECISION#{decision_id}", "DECISION")
    if record is None:
        return None
    one = Decision.parse(record.body)
    people = name_people([one.person_id], desk)
    companies = name_companies([one.account_id], desk)
    whom = say_whom(people.get(one.person_id or ""), companies.get(one.account_id))
    said = f"{one.action} for {whom}: {one.reason}" if whom else f"{one.action}: {one.reason}"
    return Found(kind="decision", id=decision_id, name=said, account_id=one.account_id)


def _find_run(run_id: str, desk: Desk) -> Found | None:
    found = _find_decision(derive_id("dec", run_id), desk)
    return found.model_copy(update={"kind": "run", "id": run_id}) if found else None


def _find_delivery(action_id: str, desk: Desk) -> Found | None:
    record = desk.tables("actions").get(f"ACTION#{action_id}", "DELIVERY")
    if record is None or not record.body:
        return None
    one = Delivery.parse(record.body)
    whom = name_people([one.person_id], desk).get(one.person_id or "")
    what = f"{one.action} by {one.channel}" + (f" for {whom}" if whom else "")
    return Found(kind="delivery", id=action_id, name=f"{what}: {say_delivery(one)}")


def _find_notice(notice_id: str, desk: Desk) -> Found | None:
    notice = find_notice(notice_id, desk)
    if notice is not None:
        company = name_companies([notice.account_id], desk).get(notice.account_id)
        said = f"{company}: {say_notice(notice)}" if company else say_notice(notice)
        return Found(kind="notice", id=notice_id, name=said, account_id=notice.account_id)
    sent = find_notice_delivery(notice_id, desk)
    said = f"a broken promise, by {sent.channel}: {say_delivery(sent)}" if sent else ""
    return Found(kind="notice", id=notice_id, name=said) if sent else None


def _find_signal(signal_id: str, desk: Desk) -> Found | None:
    """Return a signal that deserved a decision: others are found by whose they are."""
    for pointer in desk.tables("identity").query(f"TRACE#{signal_id}", limit=1):
        record = desk.tables("signals").get(pointer.tags["log"], pointer.tags["sort"])
        if record is not None:
            one = Signal.parse(record.body)
            whose = name_people([pointer.tags["person"]], desk).get(pointer.tags["person"], "")
            said = f"{one.kind.value} of {whose} from {one.source}"
            return Found(kind="signal", id=signal_id, name=said)
    return None


def _find_account(account_id: str, desk: Desk) -> Found | None:
    account = read_account(account_id, desk)
    return show_account(account, desk) if account else None


def show_account(account: Account, desk: Desk) -> Found:
    """Return a company as a row of what was found."""
    placed = stage(account.account_id, desk)
    return Found(
        kind="account",
        id=account.account_id,
        name=name_company(account),
        domain=account.domain,
        stage=placed.stage if placed else None,
    )


def _find_group(group_id: str, desk: Desk) -> Found | None:
    record = desk.tables("identity").get(f"GROUP#{group_id}", "GROUP")
    if record is None:
        return None
    group = BuyingGroup.parse(record.body)
    account, placed = read_account(group.account_id, desk), stage(group_id, desk)
    company = name_company(account) if account else ""
    return Found(
        kind="group",
        id=group_id,
        name=f"{company or group.account_id} × {group.solution}",
        account_id=group.account_id,
        stage=placed.stage if placed else None,
    )


_BY_ID: Mapping[str, Callable[[str, Desk], Found | None]] = {
    "dec_": _find_decision,
    "run_": _find_run,
    "act_": _find_delivery,
    MARK: _find_notice,
    "sig_": _find_signal,
    "acc_": _find_account,
    "grp_": _find_group,
}
