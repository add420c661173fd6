"""Which of these leads does a row catch, and which does it almost?"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.simulation.question import Question, Room, open_bundle
from functions.simulation.rows.catch import find_rows, match_leads, sort_matches
from functions.simulation.rows.lead import list_leads
from functions.simulation.rows.placement import parse_scene
from mos.errors import MalformedError


def answer(about: Mapping[str, Any], room: Room) -> dict[str, Any]:
    """Return whom the row catches of the groups in `scenes`: all rows, where none is named.

    With `person_id` only how that one stands to them.
    """
    bundle = open_bundle(about, room)
    rows = find_rows(bundle, str(about.get("row", "")))
    try:
        at, most = datetime.fromisoformat(about["at"]), int(about["most"])
        scenes = [parse_scene(scene, at) for scene in about["scenes"]]
    except (KeyError, ValueError, TypeError) as error:
        raise MalformedError(f"not a question about groups: {type(error).__name__}") from None
    only = about.get("person_id")
    leads = [one for one in list_leads(scenes, bundle) if only in (None, one.person_id)]
    found = sort_matches(match_leads(leads, bundle, rows))
    return {"people": len({one.person_id for one in leads}), **found.to_json(most)}


QUESTION = Question(answer)
