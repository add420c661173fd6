"""Who may do what, read from the templates: a small evaluator of identity policies."""

from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from tests.infra.template import Templates

Matrix = dict[str, dict[str, list[str]]]


def matrix(templates: Templates) -> Matrix:
    """Return each role's actions by resource. A condition is part of the resource's name."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for stack, role, statement in _statements(templates):
        assert statement["Effect"] == "Allow"
        for resource in _listed(statement["Resource"]):
            name = templates.name(stack, resource) + _only(templates, stack, statement)
            found[role][name].update(_listed(statement["Action"]))
    return {
        role: {resource: sorted(actions) for resource, actions in sorted(resources.items())}
        for role, resources in sorted(found.items())
    }


def may(rights: Matrix, role: str, action: str, resource: str) -> bool:
    return any(
        fnmatchcase(resource, pattern.partition(" if ")[0])
        and any(fnmatchcase(action, allowed) for allowed in actions)
        for pattern, actions in rights.get(role, {}).items()
    )


def _statements(templates: Templates) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for policy in templates.of("AWS::IAM::Policy"):
        for role in policy.properties["Roles"]:
            for statement in policy.properties["PolicyDocument"]["Statement"]:
                yield policy.stack, _role(role["Ref"]), statement
    for role in templates.of("AWS::IAM::Role"):
        assert "Policies" not in role.properties
        assert "ManagedPolicyArns" not in role.properties


def _role(logical_id: str) -> str:
    """Return `data` for `dataRole377CDED8`."""
    return logical_id[:-8].removesuffix("Role")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _only(templates: Templates, stack: str, statement: dict[str, Any]) -> str:
    said = [
        f"{key}={','.join(templates.name(stack, one) for one in _listed(value))}"
        for test in statement.get("Condition", {}).values()
        for key, value in test.items()
    ]
    return f" if {' and '.join(said)}" if said else ""
