"""Synthesised templates, with every reference written as a readable name."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_NAMES = (
    "TableName", "QueueName", "FunctionName", "StateMachineName", "BucketName", "LogGroupName",
    "TopicName", "Name",
)  # fmt: skip
_PREFIX = "mos-test-"
_PSEUDO = {"AWS::Partition": "aws"}


@dataclass(frozen=True)
class Resource:
    stack: str
    id: str
    kind: str
    body: dict[str, Any]

    @property
    def properties(self) -> dict[str, Any]:
        return self.body.get("Properties", {})


@dataclass(frozen=True)
class Templates:
    stacks: dict[str, dict[str, Any]]

    @classmethod
    def read(cls, folder: Path) -> "Templates":
        files = sorted(folder.glob("*.template.json"))
        return cls({f.name.partition(".")[0]: json.loads(f.read_text()) for f in files})

    def of(self, kind: str) -> Iterator[Resource]:
        for stack, template in self.stacks.items():
            for name, body in template["Resources"].items():
                if body["Type"] == kind:
                    yield Resource(stack, name, kind, body)

    def name(self, stack: str, value: Any) -> str:
        """Return a value as text: a resource is `kind:name`, whichever attribute is asked for."""
        match value:
            case str():
                return value
            case {"Ref": str(name)} if name.startswith("AWS::"):
                return _PSEUDO.get(name, name.removeprefix("AWS::").lower())
            case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
                return self._resource(stack, name)
            case {"Fn::GetStackOutput": {"StackName": str(other), "OutputName": str(output)}}:
                return self.name(other, self.stacks[other]["Outputs"][output]["Value"])
            case {"Fn::Select": [6, {"Fn::Split": [":", alias]}]}:
                return self.name(stack, alias).removesuffix(":live")
            case {"Fn::Join": [str(glue), list(parts)]}:
                return glue.join(self.name(stack, part) for part in parts)
        raise AssertionError(f"a reference that the tests cannot read: {value}")

    def _resource(self, stack: str, name: str) -> str:
        body = self.stacks[stack]["Resources"][name]
        kind = body["Type"].split("::")[1].lower()
        given = body.get("Properties", {})
        if body["Type"] == "AWS::Lambda::Alias":
            return f"{self.name(stack, given['FunctionName'])}:{given['Name']}"
        for key in _NAMES:
            if key in given:
                return f"{kind}:{self.name(stack, given[key]).removeprefix(_PREFIX)}"
        return f"{kind}:{name}"


def waking(templates: Templates) -> Iterator[Resource]:
    """Yield the alarms that call a person: on an alarm of a shift CodeDeploy acts, and no one."""
    moved = [
        alarm["Name"]["Ref"]
        for group in templates.of("AWS::CodeDeploy::DeploymentGroup")
        for alarm in group.properties["AlarmConfiguration"]["Alarms"]
    ] + [
        name["Ref"]
        for alias in templates.of("AWS::StepFunctions::StateMachineAlias")
        for name in alias.properties["DeploymentPreference"]["Alarms"]
    ]
    for alarm in templates.of("AWS::CloudWatch::Alarm"):
        if alarm.id not in moved:
            yield alarm
