"""The llm function calls the Bedrock models that the settings name, and no others."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from infra.settings import Settings
from mos.path import HOPS
from tests.infra.conftest import synthesise
from tests.infra.iam import matrix

HAIKU = "anthropic.claude-haiku-4-5-20251001-v1:0"


def test_a_profile_is_granted_with_the_model_behind_it_in_its_regions_alone(tmp_path: Path) -> None:
    settings = Settings(
        stage="test",
        bedrock_models=("amazon.nova-lite-v1:0",),
        bedrock_profiles={f"eu.{HAIKU}": ("eu-west-1", "eu-central-1")},
    )

    rights = matrix(synthesise(tmp_path, settings))

    profile = f"arn:aws:bedrock:region:accountid:inference-profile/eu.{HAIKU}"
    through = f"if bedrock:InferenceProfileArn={profile}"
    granted = {name for name, actions in rights["llm"].items() if "bedrock:InvokeModel" in actions}
    assert granted == {
        "arn:aws:bedrock:region::foundation-model/amazon.nova-lite-v1:0",
        profile,
        f"arn:aws:bedrock:eu-west-1::foundation-model/{HAIKU} {through}",
        f"arn:aws:bedrock:eu-central-1::foundation-model/{HAIKU} {through}",
    }
    others = [hop.layer for hop in HOPS if hop.layer != "llm"]
    assert not any("bedrock" in name for layer in others for name in rights[layer])


@pytest.mark.parametrize("wrong", ["*", "eu.*", "anthropic.claude", "arn:aws:bedrock:::x/y"])
def test_a_profile_is_named_in_full(wrong: str) -> None:
    with pytest.raises(ValidationError):
        Settings(stage="test", bedrock_profiles={wrong: ("eu-west-1",)})


def test_no_model_is_granted_unless_it_is_named(tmp_path: Path) -> None:
    rights = matrix(synthesise(tmp_path, Settings(stage="test")))

    assert not any("bedrock" in name for name in rights["llm"])
