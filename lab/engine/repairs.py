"""Repairs to ministack, in memory. Each asserts what it replaces: the version is pinned.

Runs in the engine's own virtual environment.
"""

import json
import threading
from typing import Any

_LOSES_CLASS = (
    "        except Exception as e:\n"
    '            _real_stdout.write(json.dumps({"status": "error", "error": str(e), '
    '"trace": traceback.format_exc()}) + "\\n")\n'
)
_KEEPS_CLASS = (
    "        except Exception as e:\n"
    '            _real_stdout.write(json.dumps({"status": "ok", "result": {"__raised__": {'
    '"errorMessage": str(e), "errorType": type(e).__name__, '
    '"stackTrace": traceback.format_exception(e)}}}) + "\\n")\n'
)


class RepairError(Exception):
    """ministack is not the version that the repair was made for."""


def keep_error_class() -> None:
    """Have a function's error leave under its own class, and its process live on.

    Stock ministack calls every error `Runtime.HandlerError`, so no Retry or Catch by class would
    ever match, and starts a new process after each.
    """
    from ministack.core import lambda_runtime as runtime  # noqa: PLC0415  engine only
    from ministack.services import lambda_svc as service  # noqa: PLC0415  engine only

    _expect(runtime._PYTHON_WORKER_SCRIPT.count(_LOSES_CLASS) == 1, "the worker's error line")  # noqa: SLF001  the repair
    runtime._PYTHON_WORKER_SCRIPT = runtime._PYTHON_WORKER_SCRIPT.replace(  # noqa: SLF001  the repair
        _LOSES_CLASS, _KEEPS_CLASS
    )
    execute = service._execute_function_warm  # noqa: SLF001  the repair

    def executed(func: Any, event: Any, request_id: str) -> Any:  # noqa: ANN401  ministack's own
        result = execute(func, event, request_id)
        body = result.get("body")
        if isinstance(body, dict) and "__raised__" in body:
            return {"body": body["__raised__"], "error": True, "log": result.get("log", "")}
        return result

    service._execute_function_warm = executed  # noqa: SLF001  the repair


def bound_workers(most: int) -> None:
    """Let a function run in `most` processes at once; further calls wait for one.

    Stock ministack starts a process per concurrent call, and a burst would exhaust the machine.
    No function calls itself, so waiting cannot deadlock.
    """
    from ministack.services import lambda_svc as service  # noqa: PLC0415  engine only

    execute = service._execute_function_warm  # noqa: SLF001  the repair
    slots: dict[str, threading.BoundedSemaphore] = {}
    lock = threading.Lock()

    def executed(func: Any, event: Any, request_id: str) -> Any:  # noqa: ANN401  ministack's own
        name = (func.get("config") or func).get("FunctionName", "")
        with lock:
            slot = slots.setdefault(name, threading.BoundedSemaphore(most))
        with slot:
            return execute(func, event, request_id)

    service._execute_function_warm = executed  # noqa: SLF001  the repair


def trust_loopback() -> None:
    """Treat plain HTTP on loopback as secure, so that `aws:SecureTransport` denies nothing."""
    from ministack import app  # noqa: PLC0415  engine only

    pin = app.pin_request_origin
    _expect(callable(pin), "pin_request_origin")

    def pinned(source_ip: str, secure_transport: bool) -> None:  # noqa: FBT001  ministack's own
        del secure_transport
        pin(source_ip, True)  # noqa: FBT003  ministack's own

    app.pin_request_origin = pinned


def name_batches_as_aws() -> None:
    """Authorise a batch call as AWS does: by the permission of its single call."""
    from ministack.core import iam_actions  # noqa: PLC0415  engine only

    extract = iam_actions.extract_iam_action
    _expect(callable(extract), "extract_iam_action")

    def extracted(*args: Any, **named: Any) -> Any:  # noqa: ANN401  ministack's own
        action = extract(*args, **named)
        if isinstance(action, str) and action.startswith("sqs:"):
            return action.removesuffix("Batch")
        return action

    iam_actions.extract_iam_action = extracted


def name_schedules_as_aws() -> None:
    """Authorise a schedule as AWS does: by the group that it is made in.

    Stock ministack takes every schedule to be in the group `default`.
    """
    from ministack.core import iam_actions  # noqa: PLC0415  engine only

    extract = iam_actions.extract_resource_arn
    probed = extract("scheduler", "POST", "/schedules/a", {}, b"{}", {}, "r", "1")
    _expect(probed == "arn:aws:scheduler:r:1:schedule/default/a", "a schedule's ARN")

    def extracted(*args: Any) -> Any:  # noqa: ANN401  ministack's own
        service, method, path, _, body, *_ = args
        arn = extract(*args)
        if service == "scheduler" and method == "POST" and path.startswith("/schedules/"):
            group = json.loads(body or b"{}").get("GroupName", "default")
            return arn.replace(":schedule/default/", f":schedule/{group}/")
        return arn

    iam_actions.extract_resource_arn = extracted


def name_task_tokens_as_aws() -> None:
    """Authorise a word on a task that waits as AWS does: by the state machine that it waits in.

    Stock ministack asks for the right to every resource.
    """
    from ministack.core import iam_actions  # noqa: PLC0415  engine only
    from ministack.services import stepfunctions  # noqa: PLC0415  engine only

    extract = iam_actions.extract_resource_arn
    execute, call_back = stepfunctions._execute_task, stepfunctions._invoke_with_callback  # noqa: SLF001  the repair
    body = b'{"taskToken": "t", "output": "{}"}'
    _expect(extract("states", "POST", "/", {}, body, {}, "r", "1") == "*", "a token's resource")
    running, machines = threading.local(), dict[str, str]()

    def executed(state: Any, given: Any, execution: Any, context: Any) -> Any:  # noqa: ANN401  ministack's own
        running.machine = execution["stateMachineArn"]
        return execute(state, given, execution, context)

    def called_back(resource: str, given: Any, token: str, state: Any) -> Any:  # noqa: ANN401  ministack's own
        # One that has run out is still of its machine: the answer is that it waits no more.
        machines[token] = running.machine
        return call_back(resource, given, token, state)

    def extracted(*args: Any) -> Any:  # noqa: ANN401  ministack's own
        service, _, _, _, body, *_ = args
        arn = extract(*args)
        if service == "states" and arn == "*" and b"taskToken" in (body or b""):
            return machines.get(json.loads(body).get("taskToken"), arn)
        return arn

    iam_actions.extract_resource_arn = extracted
    stepfunctions._execute_task = executed  # noqa: SLF001  the repair
    stepfunctions._invoke_with_callback = called_back  # noqa: SLF001  the repair


def read_cors_of_templates() -> None:
    """Let an HTTP API answer pages as its template says.

    Stock ministack keeps the template's capital letters, and looks for small ones.
    """
    from ministack.services import apigateway  # noqa: PLC0415  engine only

    for name in ("_cors_response_headers", "_cors_preflight_response"):
        _expect(callable(getattr(apigateway, name, None)), name)
        setattr(apigateway, name, _with_small_letters(getattr(apigateway, name)))


def _with_small_letters(asked: Any) -> Any:  # noqa: ANN401  ministack's own
    def small(settings: dict[str, Any], origin: str) -> Any:  # noqa: ANN401  ministack's own
        return asked({name[:1].lower() + name[1:]: v for name, v in settings.items()}, origin)

    return small


def _expect(holds: bool, what: str) -> None:  # noqa: FBT001  an assertion's own shape
    if not holds:
        raise RepairError(f"ministack changed: {what} is not what the repair replaces")
