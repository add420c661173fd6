"""Lifecycle Lambda: a unified profile in, where everybody stands out."""

from dataclasses import replace

from functions.lifecycle.clock import is_overdue
from functions.lifecycle.erase import erase
from functions.lifecycle.note import notes, timers
from functions.lifecycle.place import place
from functions.lifecycle.repository import SceneRepository, StageRepository
from functions.lifecycle.scene import Scene
from mos.aws.bundles import BundleStore, bundles
from mos.aws.bus import bus
from mos.aws.table import table
from mos.aws.timers import scheduler
from mos.errors import ConflictError, UnavailableError
from mos.events import ErasureOrdered, ProfileUnified, SubjectPlaced
from mos.model.base import derive_id
from mos.policy.bundle.bundle import Bundle
from mos.policy.members import solutions
from mos.ports import Bus, Moment, Timers
from mos.runtime import on, on_any

_DAYS = 90 * 86_400


def step(
    event: ProfileUnified,
    moment: Moment,
    scenes: SceneRepository,
    stages: StageRepository,
    store: BundleStore,
    clocks: Timers,
    paper: Bus,
) -> SubjectPlaced:
    """Load, think, save, say: where they now stand, what is notable, what to look at again.

    The run is pinned to the bundle that is active now. Its time is when its window closed, so
    that a retry computes the same. A retry starts the same timers and raises the same notes.
    """
    said = stages.told(event.run_id) or _think(event, moment, scenes, stages, store)
    clocks.start(timers(said))
    paper.publish(notes(said))
    return said


def _think(
    event: ProfileUnified,
    moment: Moment,
    scenes: SceneRepository,
    stages: StageRepository,
    store: BundleStore,
) -> SubjectPlaced:
    bundle = store.active_for(event.account_id, moment.now)
    scene = _scene(event, scenes, bundle)
    people = [profile.profile_id for profile in scene.candidates(bundle)]
    # The account may have become one with another since the run was called for.
    before = stages.now(scene.account.account_id, event.group_id, people)
    standing = {key: held for key, (held, _) in before.items()}
    if any(is_overdue(c, event.run_at) for one in standing.values() for c in one.clocks):
        scene = replace(scene, ended=scenes.list_ended(event.group_id))
    placed = place(scene, stages.restore(standing, scene.undone), bundle)
    said = SubjectPlaced.following(
        event,
        event_id=derive_id("evt", "SubjectPlaced", event.run_id),
        occurred_at=event.run_at,
        run_id=event.run_id,
        bundle=bundle.digest,
        group_id=event.group_id,
        account_id=event.account_id,
        account=placed.account.told,
        group=placed.group.told,
        people=tuple(person.told for person in placed.people),
        group_facts=placed.group_facts,
        person_facts=scenes.name_former(placed.person_facts, scene.people),
        steps=placed.steps,
        correction=event.correction,
        shared=scene.group.shared,
        joined_accounts=scene.account.parts,
    )
    try:
        everyone = (placed.account, placed.group, *placed.people)
        stages.save(said, everyone, before, moment.execution, int(moment.now.timestamp()) + _DAYS)
    except ConflictError:
        told = stages.told(event.run_id)
        if told is None:
            raise
        return told
    return said


def _scene(event: ProfileUnified, scenes: SceneRepository, bundle: Bundle) -> Scene:
    groups = scenes.groups(event.account_id, solutions(bundle))
    group = groups.get(event.group_id) or scenes.group(event.group_id)
    if group is None:
        raise UnavailableError("identity", f"group {event.group_id} is not stored yet")
    account = scenes.account(event.account_id, bundle)
    everybody = groups | {group.group_id: group}
    # This group's own members come first: they are read however many people the account has.
    others = [other for other in everybody.values() if other.group_id != group.group_id]
    crowd = scenes.crowd(group, others, int(bundle.number("most_people")), event.profile_id)
    return Scene(
        account, crowd.group, crowd.people, event.run_at, crowd.person, event.correction,
        group_left_out=crowd.group_left_out, account_left_out=crowd.account_left_out,
    )  # fmt: skip


_place = on(
    ProfileUnified,
    lambda event, moment: step(
        event,
        moment,
        SceneRepository(table("identity"), table("actions")),
        StageRepository(table("lifecycle")),
        bundles(),
        scheduler(),
        bus(),
    ),
)
_erase = on(ErasureOrdered, lambda event, moment: erase(event, moment, table("lifecycle")))

handler = on_any(_place, {ErasureOrdered: _erase})
