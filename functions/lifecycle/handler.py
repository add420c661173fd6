"""Lifecycle Lambda: a unified profile in, where everybody stands out."""

from functions.lifecycle.place import Scene, place
from functions.lifecycle.repository import SceneRepository, StageRepository
from mos.aws.bundles import BundleStore, bundles
from mos.aws.table import table
from mos.errors import ConflictError, UnavailableError
from mos.events import ProfileUnified, SubjectPlaced
from mos.model.base import derive_id
from mos.ports import Moment
from mos.runtime import on

_DAYS = 90 * 86_400


def step(
    event: ProfileUnified,
    moment: Moment,
    scenes: SceneRepository,
    stages: StageRepository,
    store: BundleStore,
) -> SubjectPlaced:
    """Load, think, save, and say where they now stand.

    The run is pinned to the bundle that is active now. Its time is when its window closed, so
    that a retry computes the same.
    """
    told = stages.told(event.run_id)
    if told:
        return told
    bundle = store.active()
    group = scenes.group(event.group_id)
    if group is None:
        raise UnavailableError("identity", f"group {event.group_id} is not stored yet")
    people = scenes.people(group, int(bundle.number("most_members")))
    scene = Scene(scenes.account(event.account_id), group, people, event.run_at)
    subjects = [event.account_id, event.group_id, *(p.profile_id for p in people)]
    before = stages.now(subjects)
    placed = place(scene, {i: p for i, (p, _) in before.items()}, bundle)
    said = SubjectPlaced.following(
        event,
        event_id=derive_id("evt", "SubjectPlaced", event.run_id),
        occurred_at=event.run_at,
        run_id=event.run_id,
        bundle=bundle.digest,
        group_id=event.group_id,
        account_id=event.account_id,
        account=placed.account,
        group=placed.group,
        people=placed.people,
        group_facts=placed.group_facts,
        person_facts=placed.person_facts,
        correction=event.correction,
    )
    everyone = (placed.account, placed.group, *placed.people)
    moved = [
        (p, before[p.subject_id][1] if p.subject_id in before else 0) for p in everyone if p.moved
    ]
    try:
        stages.save(said, moved, moment.execution, int(moment.now.timestamp()) + _DAYS)
    except ConflictError:
        told = stages.told(event.run_id)
        if told is None:
            raise
        return told
    return said


handler = on(
    ProfileUnified,
    lambda event, moment: step(
        event,
        moment,
        SceneRepository(table("identity")),
        StageRepository(table("lifecycle")),
        bundles(),
    ),
)
