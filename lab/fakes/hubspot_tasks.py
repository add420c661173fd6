"""HubSpot's tasks, kept from call to call: made, read, changed, associated, put into the bin.

Shapes are those of recorded answers and of HubSpot's own description of its API; it refuses as it
does: unknown properties, a task without `hs_timestamp`, a time or an owner that is none, more than
a hundred at once, a task that it has not, or not any more.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lab.fakes.hubspot_task_rules import NOT_UNIQUE, TASK_KEY, find_refusal, refuse
from lab.fakes.provider import ProviderRequest, Receipt

_MOST = 100
_AT = "2026-03-12T07:34:48.168Z"
_TASKS = r"^/crm/objects/\d{4}-\d\d/tasks"
_ALL = re.compile(rf"{_TASKS}$")
_UPSERT, _READ = re.compile(rf"{_TASKS}/batch/upsert$"), re.compile(rf"{_TASKS}/batch/read$")
_ASSOCIATE = re.compile(
    r"^/crm/associations/\d{4}-\d\d/tasks/(contacts|companies|deals)/batch/associate/default$"
)
_ONE = re.compile(rf"{_TASKS}/([\w.-]+)$")
_TYPES = {"contacts": 204, "companies": 192, "deals": 216}
"""HubSpot's own type of the association of a task with a record."""
Task = dict[str, Any]


def take_task_call(call: ProviderRequest) -> Receipt | None:
    """Answer a call about tasks; None where it is about anything else."""
    path, tasks = urlsplit(call.path).path, call.memory.setdefault("tasks", {})
    if call.method == "POST":
        return _take_post(path, call, tasks)
    found = _ONE.match(path)
    if found is None or call.method not in ("GET", "PATCH", "DELETE"):
        return None
    held = _find(tasks, found[1], parse_qs(urlsplit(call.path).query).get("idProperty", [""])[0])
    if call.method == "DELETE":
        return _archive(tasks.get(found[1]))
    if held is None:
        return refuse("resource not found", 404, "OBJECT_NOT_FOUND")
    return Receipt(200, _show(held)) if call.method == "GET" else _change(held, call)


def _take_post(path: str, call: ProviderRequest, tasks: dict[str, Task]) -> Receipt | None:
    if _ALL.match(path):
        return _create(call, tasks)
    if _UPSERT.match(path):
        return _upsert(_inputs(call), tasks, call.lacks)
    if _READ.match(path):
        return _read(call, tasks)
    if found := _ASSOCIATE.match(path):
        return _associate(found[1], _inputs(call), tasks)
    return None


def _inputs(call: ProviderRequest) -> list[dict[str, Any]]:
    inputs = call.body.get("inputs") if isinstance(call.body, dict) else None
    return inputs if isinstance(inputs, list) else []


def _find(tasks: Mapping[str, Task], said: str, by: str = "") -> Task | None:
    """Return a task by its id, or by the value of a unique property; not one in the bin."""
    if not by:
        held = tasks.get(said)
        return held if held and not held["archived"] else None
    living = (one for one in tasks.values() if not one["archived"])
    return next((one for one in living if one["properties"].get(by) == said), None)


def _create(call: ProviderRequest, tasks: dict[str, Task]) -> Receipt:
    properties = call.body.get("properties", {})
    key = str(properties.get(TASK_KEY) or "")
    if refusal := find_refusal(properties, {}, call.lacks):
        return refusal
    if key and _find(tasks, key, TASK_KEY):
        return refuse(f"{TASK_KEY} is taken by another task", 409, "CONFLICT")
    made = _make(tasks, key, properties)
    return Receipt(201, _show(made), [_kept(made, "task")])


def _make(tasks: dict[str, Task], key: str, properties: Mapping[str, Any]) -> Task:
    seed = f"{key}#{len(tasks)}" if not key or _was(tasks, key) else key
    number = str(int(hashlib.sha256(seed.encode()).hexdigest()[:10], 16))
    tasks[number] = {"id": number, "properties": dict(properties), "archived": False}
    return tasks[number]


def _was(tasks: Mapping[str, Task], key: str) -> bool:
    return any(one["properties"].get(TASK_KEY) == key for one in tasks.values())


def _change(held: Task, call: ProviderRequest) -> Receipt:
    sent = call.body.get("properties", {})
    if refusal := find_refusal(sent, held["properties"], call.lacks):
        return refusal
    held["properties"] |= sent
    return Receipt(200, _show(held), [_kept(held, "changed")])


def _archive(held: Task | None) -> Receipt:
    if held is None:
        return refuse("resource not found", 404, "OBJECT_NOT_FOUND")
    held["archived"] = True
    return Receipt(204, {}, [_kept(held, "binned", "task put into the bin")])


def _upsert(inputs: list[dict[str, Any]], tasks: dict[str, Task], lacks: frozenset[str]) -> Receipt:
    keys = [str(task.get("id") or "") for task in inputs]
    if refusal := _refuse_keys(keys, inputs, lacks):
        return refusal
    held = {key: _find(tasks, key, TASK_KEY) for key in keys}
    sent = {key: one.get("properties", {}) for key, one in zip(keys, inputs, strict=True)}
    for key in keys:
        if refusal := find_refusal(sent[key], (held[key] or {}).get("properties", {}), lacks):
            return refusal
    results, kept = [], []
    for key in keys:
        one = held[key] or _make(tasks, key, {})
        one["properties"] |= {**sent[key], TASK_KEY: key}
        results.append(_show(one) | {"new": held[key] is None})
        kept.append(_kept(one, "task" if held[key] is None else "renewed"))
    return Receipt(200, _write_batch(results), kept)


def _refuse_keys(
    keys: list[str], inputs: list[dict[str, Any]], lacks: frozenset[str]
) -> Receipt | None:
    if not 1 <= len(keys) <= _MOST:
        return refuse(f"between 1 and {_MOST} inputs")
    if NOT_UNIQUE in lacks:
        return refuse(f"{TASK_KEY} is not a unique property")
    if not all(keys) or any(task.get("idProperty") != TASK_KEY for task in inputs):
        return refuse("idProperty must name a unique property, and id its value")
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        said = f"Duplicate IDs found in batch input: [{', '.join(twice)}]. IDs must be unique"
        return refuse(said, context={"ids": twice})
    return None


def _read(call: ProviderRequest, tasks: Mapping[str, Task]) -> Receipt:
    by, ids = call.body.get("idProperty", ""), [str(one["id"]) for one in _inputs(call)]
    if not 1 <= len(ids) <= _MOST:
        return refuse(f"between 1 and {_MOST} inputs")
    held = {one: _find(tasks, one, by) for one in ids}
    results = [_show(task) for task in held.values() if task]
    missing = [one for one, task in held.items() if task is None]
    if not missing:
        return Receipt(200, _write_batch(results))
    said = (
        "Could not get some TASK objects, they may be deleted or not exist. "
        "Check that ids are valid."
    )
    return Receipt(207, _write_batch(results, [_error("OBJECT_NOT_FOUND", said, ids=missing)]))


def _associate(kind: str, inputs: list[dict[str, Any]], tasks: Mapping[str, Task]) -> Receipt:
    pairs = [(str(one["from"]["id"]), str(one["to"]["id"])) for one in inputs]
    if not 1 <= len(pairs) <= _MOST:
        return refuse("between 1 and 100 pairs")
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": _TYPES[kind]}
    results, kept, errors = [], [], []
    for a, b in pairs:
        held = _find(tasks, a)
        if held is None or not b.isdigit():
            wrong = b if held else a
            errors.append(_error("VALIDATION_ERROR", f"{wrong} is not a valid ID", id=[wrong]))
            continue
        results.append({"from": {"id": a}, "to": {"id": b}, "associationSpec": spec})
        kept.append(_kept(held, "associated", f"task laid beside {kind} {b}"))
    return Receipt(207 if errors else 200, _write_batch(results, errors), kept)


def _error(category: str, message: str, **context: list[str]) -> dict[str, Any]:
    return {"status": "error", "category": category, "message": message, "context": context}


def _write_batch(results: list[Any], errors: list[Any] | None = None) -> dict[str, Any]:
    body = {"status": "COMPLETE", "results": results, "startedAt": _AT, "completedAt": _AT}
    return body | ({"numErrors": len(errors), "errors": errors} if errors else {})


def _show(task: Task) -> dict[str, Any]:
    """Return a task as HubSpot shows it."""
    properties = {**task["properties"], "hs_object_id": task["id"]}
    return {
        "id": task["id"], "properties": properties, "createdAt": _AT, "updatedAt": _AT,
        "archived": task["archived"],
    }  # fmt: skip


def _kept(task: Task, what: str, subject: str = "") -> dict[str, Any]:
    properties = {} if subject else task["properties"]
    return {
        "channel": "hubspot_task",
        "what": what,
        "id": task["id"],
        "to": properties.get("mos_owner", ""),
        "subject": subject or properties.get("hs_task_subject", ""),
        "body": properties.get("hs_task_body", ""),
        "due": properties.get("hs_timestamp", ""),
        "tags": {
            "action_id": properties.get(TASK_KEY, ""),
            "decision_id": properties.get("mos_decision_id", ""),
        },
    }
