"""The grounds on which bundles decide, in S3: laid down by the activator, checked by every reader.

One small object for each bundle, read once per container. It holds all that is checked: the signed
report or the signed word on a first bundle, and the signed words of those who stand for it.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from mos.aws.signed import is_genuine, read_signed, sign_text
from mos.aws.signer import Signer
from mos.errors import BundleError
from mos.model.admission import Admission, FirstBundle, Ground, Vouch
from mos.model.base import derive_id
from mos.model.report import ImpactReport
from mos.ports import Bucket

T = TypeVar("T")
EYES = 2
_ADMITTED, _FIRST, _VOUCHED = "pointers/admitted/", "reports/first/", "reports/vouched/"
_PUBLISHED = "reports/published/"


class Admissions:
    """Keep grounds, and say whether one lets a bundle decide.

    With a signer, what nobody whom we trust signed is as good as nothing.
    """

    def __init__(self, bucket: Bucket, signer: Signer | None) -> None:
        self._bucket, self._signer = bucket, signer
        self._known: set[str] = set()

    def must_let(self, digest: str) -> None:
        """Return where a bundle may decide.

        Raises:
            BundleError: there is no ground for it that holds; the text says what is wrong.
        """
        if digest not in self._known:
            self.must_hold(self.of(digest), digest)
            self._known.add(digest)

    def of(self, digest: str) -> Admission | None:
        """Return the ground that was laid down for a bundle, whether or not it holds."""
        body = self._bucket.get(f"{_ADMITTED}{digest}.json")
        try:
            return Admission.parse(body) if body is not None else None
        except ValueError:
            return None

    def must_hold(self, ground: Admission | None, digest: str) -> None:
        """Return where a ground lets this bundle decide.

        Raises:
            BundleError: it does not; the text says why.
        """
        if ground is None:
            raise BundleError(digest[:12], "it has no impact report and no recorded exit")
        if ground.candidate != digest:
            raise BundleError(digest[:12], "its ground is about another bundle")
        check = {Ground.REPORT: self._reported, Ground.FIRST: self._first}.get(ground.ground)
        if why := check(ground, digest) if check else self._unsigned():
            raise BundleError(digest[:12], why)

    def keep(self, ground: Admission) -> None:
        """Lay down a ground that holds.

        Raises:
            BundleError: it does not.
        """
        self.must_hold(ground, ground.candidate)
        self._bucket.put(f"{_ADMITTED}{ground.candidate}.json", ground.canonical().encode())

    def note_first(self, digest: str) -> None:
        """Sign that a stage without an active bundle had this one published."""
        word = FirstBundle(candidate=digest, at=datetime.now(UTC))
        signed = sign_text(word.canonical(), self._signer)
        self._bucket.put_new(f"{_FIRST}{digest}.json", signed.canonical().encode())

    def find_first(self, digest: str, by: str) -> Admission | None:
        """Return the ground of a stage's first bundle, if this is it."""
        proof = read_signed(self._bucket, f"{_FIRST}{digest}.json")
        now = datetime.now(UTC)
        if proof is None:
            return None
        return Admission(candidate=digest, ground=Ground.FIRST, at=now, by=by, proof=proof)

    def note_publisher(self, digest: str, by: str) -> None:
        """Keep who proposed or published a bundle: they do not stand for it themselves."""
        known = self.list_publishers(digest)
        if by and by not in known:
            self._bucket.put(f"{_PUBLISHED}{digest}.json", json.dumps([*known, by]).encode())

    def list_publishers(self, digest: str) -> list[str]:
        """Return who proposed and published a bundle, as far as it is known."""
        body = self._bucket.get(f"{_PUBLISHED}{digest}.json")
        return list(map(str, json.loads(body))) if body else []

    def vouch(self, word: Vouch) -> None:
        """Keep a person's signed word for a candidate; a later one of theirs takes its place."""
        signed = sign_text(word.canonical(), self._signer)
        self._bucket.put(_vouched(word.candidate, word.by), signed.canonical().encode())

    def list_vouches(self, candidate: str, names: list[str]) -> list[Vouch]:
        """Return the words of some people on a candidate: those that are signed."""
        found = []
        for name in names:
            signed = read_signed(self._bucket, _vouched(candidate, name))
            if signed is not None and is_genuine(signed, self._signer):
                found.append(Vouch.parse(signed.text))
        return [word for word in found if word.candidate == candidate]

    def report_ground(self, report: ImpactReport, by: str, names: list[str]) -> Admission:
        """Return a candidate's ground: its signed report, and the words of those who stand for it.

        Raises:
            BundleError: the report under its key is another one by now.
        """
        folder = f"reports/{report.candidate}"
        body, signature = (self._bucket.get(f"{folder}/report.{end}") for end in ("json", "sig"))
        text = (body or b"").decode()
        if not text or ImpactReport.parse(text) != report:
            raise BundleError(report.candidate[:12], "its report has changed meanwhile")
        signed = {"text": text, "signature": (signature or b"").decode()}
        vouches = [read_signed(self._bucket, _vouched(report.candidate, n)) for n in names]
        return Admission.model_validate(
            {
                "candidate": report.candidate, "ground": Ground.REPORT, "at": datetime.now(UTC),
                "by": by, "proof": signed, "vouches": [v for v in vouches if v is not None],
            }
        )  # fmt: skip

    def _unsigned(self) -> str:
        return "" if self._signer is None else "nobody has signed on what it rests"

    def _first(self, ground: Admission, digest: str) -> str:
        said = self._parsed(ground, FirstBundle.parse)
        if said is None:
            return "nobody has signed that it is the first bundle of the stage"
        return "" if said.candidate == digest else "another was the first bundle of the stage"

    def _reported(self, ground: Admission, digest: str) -> str:
        report = self._parsed(ground, ImpactReport.parse)
        if report is None:
            return "the signature of its report is not ours"
        if report.candidate != digest:
            return "its report is about another bundle"
        if report.broken:
            return f"its rehearsal broke {'; '.join(report.broken)}"
        if report.eyes and self._count(ground, report) < EYES:
            return f"two people must stand for it, and do not: {'; '.join(report.eyes)}"
        return ""

    def _count(self, ground: Admission, report: ImpactReport) -> int:
        genuine = [v for v in ground.vouches if is_genuine(v, self._signer)]
        words = [Vouch.parse(one.text) for one in genuine]
        words = [word for word in words if set(word.about) >= set(report.eyes)]
        return count_eyes(words, report.candidate, report.baseline)

    def _parsed(self, ground: Admission, parse: Callable[[str], T]) -> T | None:
        if ground.proof is None or not is_genuine(ground.proof, self._signer):
            return None
        try:
            return parse(ground.proof.text)
        except ValueError:
            return None


def count_eyes(words: list[Vouch], candidate: str, baseline: str) -> int:
    """Return how many people stand for a candidate against a baseline, its proposers left out.

    Two words that came by one caller of AWS are one person's.
    """
    meant = [w for w in words if (w.candidate, w.baseline) == (candidate, baseline)]
    people = {word.by for word in meant if word.by not in word.proposers}
    callers = {word.via or word.by for word in meant if word.by in people}
    return min(len(people), len(callers))


def _vouched(candidate: str, name: str) -> str:
    return f"{_VOUCHED}{candidate}/{derive_id('who', name)}.json"
