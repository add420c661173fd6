"""A next version takes over by a share of the calls, and goes back by itself if it fails."""

from typing import Any

from tests.infra.template import Resource, Templates

LIVE = ":live"


def functions(templates: Templates) -> set[str]:
    return {
        templates.name(f.stack, {"Ref": f.id})
        for f in templates.of("AWS::Lambda::Function")
        if not f.id.startswith("Custom")
    }


def test_every_layer_is_called_by_its_live_version_alone(templates: Templates) -> None:
    called = {
        templates.name(one.stack, one.properties["FunctionName"])
        for kind in ("AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission")
        for one in templates.of(kind)
        if not str(one.id).startswith("Custom")
    } | {
        value
        for function in templates.of("AWS::Lambda::Function")
        for name, said in _told(function).items()
        if name.startswith("MOS_FUNCTION_")
        for value in [templates.name(function.stack, said)]
    }
    machines = [m.properties["DefinitionSubstitutions"] for m in
                templates.of("AWS::StepFunctions::StateMachine")]  # fmt: skip
    layers = {name.removeprefix("lambda:") for name in functions(templates)}

    assert called
    assert all(name.endswith(LIVE) for name in called), called
    for stack, filled in zip(
        [m.stack for m in templates.of("AWS::StepFunctions::StateMachine")], machines, strict=True
    ):
        names = {key: templates.name(stack, value) for key, value in filled.items()}
        assert all(name.endswith(LIVE) for key, name in names.items() if key in layers), names


def test_codedeploy_moves_each_and_goes_back_on_the_new_versions_own_faults(
    templates: Templates,
) -> None:
    groups = {g.id: g.properties for g in templates.of("AWS::CodeDeploy::DeploymentGroup")}
    moved = list(templates.of("AWS::Lambda::Alias"))
    alarms = {a.id: a.properties for a in templates.of("AWS::CloudWatch::Alarm")}

    assert len(moved) == len(groups) == len(functions(templates))
    for alias in moved:
        update = alias.body["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        group = groups[update["DeploymentGroupName"]["Ref"]]
        [alarm] = [alarms[a["Name"]["Ref"]] for a in group["AlarmConfiguration"]["Alarms"]]
        watched = [
            {d["Name"]: d["Value"] for d in m["MetricStat"]["Metric"]["Dimensions"]}
            for m in alarm["Metrics"]
            if "MetricStat" in m
        ]
        assert group["DeploymentConfigName"] == "CodeDeployDefault.LambdaCanary10Percent5Minutes"
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
        assert [w["ExecutedVersion"] for w in watched] == [alias.properties["FunctionVersion"]] * 2


def test_runs_begin_on_the_live_version_and_end_on_the_one_that_they_began_on(
    templates: Templates,
) -> None:
    [alias] = templates.of("AWS::StepFunctions::StateMachineAlias")
    [version] = templates.of("AWS::StepFunctions::StateMachineVersion")
    starts = [
        target["Arn"]
        for rule in templates.of("AWS::Events::Rule")
        for target in rule.properties["Targets"]
        if target["Arn"] == {"Ref": alias.id}
    ]
    shift = alias.properties["DeploymentPreference"]

    assert len(starts) == 1
    assert (shift["Type"], shift["Percentage"], shift["Interval"]) == ("CANARY", 10, 5)
    assert shift["Alarms"]
    assert version.body["UpdateReplacePolicy"] == version.body["DeletionPolicy"] == "Retain"


def test_old_versions_of_functions_stay_for_calls_that_are_under_way(templates: Templates) -> None:
    versions = list(templates.of("AWS::Lambda::Version"))

    assert len(versions) == len(functions(templates))
    assert {v.body["DeletionPolicy"] for v in versions} == {"Retain"}


def _told(function: Resource) -> dict[str, Any]:
    found: dict[str, Any] = function.properties.get("Environment", {}).get("Variables", {})
    return found
