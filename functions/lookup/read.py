"""Read the records that notices say too little of. Pure: whoever calls brings the one door out."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from functions.lookup import readers
from functions.lookup.reader import (
    Answer,
    Asking,
    BusyError,
    Question,
    Reader,
    RefusedReadError,
    SpoiltQuestionError,
)
from mos.errors import RejectedError, UnavailableError, UncertainError
from mos.events import ReadNeeded, RecordRead
from mos.model.base import canonical, derive_id
from mos.model.call import Call, CallReply
from mos.model.lookup import RecordName
from mos.plugins import load, names
from mos.policy.bundle.bundle import Bundle
from mos.policy.source_system import SourceSystem, find_system

Exchange = Callable[[Call], CallReply]
_MOST_CALLS = 60
"""A conversation that goes on for longer is no reading of a hundred records."""


@dataclass
class Reading:
    """What came of a batch: answers; what must be asked again, and when; what was refused, and why.

    Events stand under the ids of their messages.
    """

    answers: list[RecordRead] = field(default_factory=list)
    again: dict[str, float] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def read(
    events: Mapping[str, ReadNeeded],
    bundle: Bundle,
    exchange: Exchange,
    address: Callable[[str], str | None],
) -> Reading:
    """Return what the systems say of the records that are asked for, each asked for once.

    `address` says where a system is instead of its own address: on the workbench alone. One that
    is busy or does not answer is asked again; one that refuses holds up nobody else, and of many
    records that are asked for together one that is wrong does not hurt the others.
    """
    made = Reading()
    waiting = deque(_list_parts(events))
    while waiting:
        part = waiting.popleft()
        try:
            reader = find_reader(part[0].system)
            question = _frame(reader, part, bundle, address)
            answer = _converse(reader.ask(question), exchange)
        except BusyError as error:
            made.again |= dict.fromkeys(_messages(events, part), error.seconds)
        except (UnavailableError, UncertainError):
            made.again |= dict.fromkeys(_messages(events, part), 0.0)
        except RejectedError as error:
            if isinstance(error, SpoiltQuestionError) and len(part) > 1:
                half = len(part) // 2
                waiting.extendleft((part[half:], part[:half]))
                continue
            why = f"{error.reason}: {error.detail}"
            made.refused |= dict.fromkeys(_messages(events, part), why)
        else:
            cause = next(event for event in events.values() if event.record == part[0])
            made.answers += tell(cause, answer)
    return made


def find_reader(system: str) -> Reader:
    """Return the reader of a system's records.

    Raises:
        RefusedReadError: there is none.
    """
    if system not in names(readers):
        raise RefusedReadError(f"{system}: nobody knows how its records are read")
    return load(readers, system, "READER", Reader)


def _list_parts(events: Mapping[str, ReadNeeded]) -> list[tuple[RecordName, ...]]:
    """Return the records by system, tenant and type, as many at once as a reader asks for."""
    rooms: dict[tuple[str, str, str], dict[RecordName, None]] = {}
    for event in events.values():
        one = event.record
        rooms.setdefault((one.system, one.tenant, one.object), {})[one] = None
    parts: list[tuple[RecordName, ...]] = []
    for (system, _, _), found in rooms.items():
        try:
            most = find_reader(system).most
        except RefusedReadError:
            most = 1
        listed = tuple(found)
        parts += [listed[at : at + most] for at in range(0, len(listed), most)]
    return parts


def _messages(events: Mapping[str, ReadNeeded], part: Sequence[RecordName]) -> list[str]:
    return [message for message, event in events.items() if event.record in set(part)]


def _frame(
    reader: Reader,
    part: Sequence[RecordName],
    bundle: Bundle,
    address: Callable[[str], str | None],
) -> Question:
    one = part[0]
    system = find_system(bundle, one.system) or SourceSystem(name=one.system, why="")
    page = f"systems/{one.system.replace('-', '_')}.toml"
    if not system.reads:
        raise RefusedReadError(f"{page}: says no more that its records are read")
    tenant = next((found for found in system.tenants if found.id == one.tenant), None)
    if system.tenants and tenant is None:
        # Another tenant's token would find another record under the same number.
        raise RefusedReadError(f"{page}: list the tenant {one.tenant or '(none named)'}")
    base = address(one.system) or (tenant.base if tenant else None) or reader.base
    if not base:
        raise RefusedReadError(f"{page}: say where the tenant {one.tenant} is (`base`)")
    secret = f"lookup/{one.system}" + (f"/{tenant.id}" if tenant else "")
    return Question(
        one.system, one.tenant, one.object, tuple(name.record_id for name in part), base,
        reader.authority(base, secret), system.fields.get(one.object, ()),
    )  # fmt: skip


def _converse(asking: Asking, exchange: Exchange) -> Answer:
    """Return what a conversation comes to.

    Raises:
        UnavailableError: the system does not answer.
        RejectedError: it refuses.
    """
    said: Call | Answer = _go_on(asking, None)
    for _ in range(_MOST_CALLS):
        if isinstance(said, Answer):
            return said
        said = _go_on(asking, exchange(said))
    raise RefusedReadError(f"{_MOST_CALLS} calls did not come to an end")


def _go_on(asking: Asking, reply: CallReply | None) -> Call | Answer:
    """Return the next call of a conversation, or what it came to.

    Raises:
        RefusedReadError: a reply has a form that its reader does not know.
    """
    try:
        return next(asking) if reply is None else asking.send(reply)
    except StopIteration as ended:
        answer: Answer = ended.value
        return answer
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        said = f"an answer has another form than its reader knows ({type(error).__name__})"
        raise RefusedReadError(f"{said}: whoever keeps the reader must look at it") from None


def tell(cause: ReadNeeded, answer: Answer) -> list[RecordRead]:
    """Return an event for each record: found, or not known to its system."""
    found = [(name, canonical(body)) for name, body in answer.found.items()]
    return [
        RecordRead.following(
            cause,
            event_id=derive_id(
                "evt", "RecordRead", cause.event_id, canonical(name.model_dump(mode="json"))
            ),
            record=name,
            body=body,
        )
        for name, body in (*found, *((name, "") for name in answer.missing))
    ]


def list_hosts(systems: Iterable[SourceSystem]) -> frozenset[str]:
    """Return the hosts that may be called: the readers' own, and the tenants' within their names.

    A tenant's address that is not its system's is none of them: a call there is refused.
    """
    hosts: set[str] = set()
    for system in systems:
        name = system.name.replace("_", "-")
        if not system.reads or name not in names(readers):
            continue
        reader = find_reader(name)
        own = urlsplit(reader.base).hostname
        hosts |= {*reader.hosts, *([own] if own else [])}
        for tenant in system.tenants:
            if not tenant.base:
                continue
            host = urlsplit(tenant.base).hostname or ""
            hosts |= {host} if reader.suffixes and host.endswith(reader.suffixes) else set()
    return frozenset(hosts)
