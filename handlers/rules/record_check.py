"""Whether a record is whole: unbroken, and what duties, reports and plans say besides.  Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TypeVar

from store.types import (
    OF_DUTIES,
    OF_REPORTS,
    Act,
    DutyId,
    DutyStanding,
    DutyState,
    Entry,
    EvidenceKind,
    KeptAnswer,
    KeptEvidence,
    KeptReport,
    KeptReview,
    PlanId,
    ProvinceId,
    Seal,
)

Kept = TypeVar("Kept")


class Fault(StrEnum):
    """What may be wrong with a record."""

    CHANGED = "changed"
    """An entry is not what its digest says."""
    MISSING = "missing"
    """Numbers are skipped: entries were deleted."""
    OUT_OF_PLACE = "out_of_place"
    """An entry does not follow the one before: put in, doubled or swapped."""
    CUT_OFF = "cut_off"
    """The record ends before its seal."""
    OTHER_SEAL = "other_seal"
    """The entry of the seal's number is not the one that was sealed: all was written anew."""
    WRONG_PROVINCE = "wrong_province"
    """An entry is about a duty of another province."""
    STATE = "state"
    """A duty does not stand as its entries add up to."""
    NOT_ENTERED = "not_entered"
    """A report, review, answer or piece of evidence that the record knows nothing of."""
    GONE = "gone"
    """A report, review, answer, version of a plan or evidence that is told of is not there."""
    DIFFERS = "differs"
    """A report, review, answer, plan or evidence says other things than the record."""
    FILE = "file"
    """The file of a piece of evidence is not there, or is not what its digest says."""


@dataclass(frozen=True, slots=True)
class Found:
    """One fault: at which entry (0: at none), and about which row ("report 17") if about one."""

    fault: Fault
    number: int
    row: str = ""


class RecordCheck:
    """Takes a province's entries in the order of their numbers, then what else is kept.

    `digest_of` returns the digest that an entry must have; `seal` is one that was noted earlier,
    whose digest may be shortened to its beginning.
    """

    def __init__(
        self,
        province: ProvinceId,
        digest_of: Callable[[Entry], str],
        sealed: Seal | None = None,
    ) -> None:
        self.end = Seal(0, "")
        self.faults: list[Found] = []
        self._province = province
        self._digest_of = digest_of
        self._sealed = sealed
        self._is_seal_met = False
        self._ends_with: tuple[str, ...] = ("",)
        self._last: dict[DutyId, Entry] = {}
        self._reasons: dict[DutyId, str] = {}
        self._reports: dict[str, Entry] = {}
        self._plans: dict[str, Entry] = {}
        self._reviews: dict[str, Entry] = {}
        self._answers: dict[str, Entry] = {}
        self._evidence: dict[str, Entry] = {}
        self._withdrawn: dict[str, Entry] = {}

    def take(self, entry: Entry) -> None:
        """Look at the next entry, and remember what it adds to its duty."""
        proper = self._digest_of(entry)
        is_as_written = entry.digest == proper and entry.province_id == self._province
        if entry.number > self.end.number + 1:
            self._found(Fault.MISSING, self.end.number + 1)
        elif entry.number <= self.end.number or (
            is_as_written and entry.previous not in self._ends_with
        ):
            self._found(Fault.OUT_OF_PLACE, entry.number)
        if not is_as_written:
            self._found(Fault.CHANGED, entry.number)
        if self._sealed is not None and entry.number == self._sealed.number:
            self._is_seal_met |= entry.digest.startswith(self._sealed.digest)
        # What comes next holds the digest of before somebody changed either column or digest.
        self._ends_with = (entry.digest, proper)
        self.end = Seal(max(entry.number, self.end.number), entry.digest)
        self._remember(entry)

    def take_reports(self, reports: Iterable[KeptReport]) -> None:
        """Compare every report on the province's duties, in order, with its entry."""
        found = []
        for report in reports:
            self._reasons[report.duty_id] = report.reason
            found.append((str(report.report_id), report))
        self._compare("report", found, self._reports, _is_told)

    def take_reviews(self, reviews: Iterable[KeptReview]) -> None:
        """Compare every review of the province's reports with its entry."""
        found = [(str(each.review_id), each) for each in reviews]
        self._compare("review", found, self._reviews, _is_review_told)

    def take_answers(self, answers: Iterable[KeptAnswer]) -> None:
        """Compare every answer to who was stuck in the province with its entry."""
        found = [(str(each.answer_id), each) for each in answers]
        self._compare("answer", found, self._answers, _is_answer_told)

    def take_evidence(
        self,
        kept: Iterable[KeptEvidence],
        digest_of_file: Callable[[str], str | None] | None = None,
    ) -> None:
        """Compare every piece of evidence with its entries, and with its file where that is asked.

        `digest_of_file` returns the SHA-256 of a file by the name it is stored as, None where
        there is none.
        """
        left = dict(self._evidence)
        for each in kept:
            row, entry = f"evidence {each.evidence_id}", left.pop(str(each.evidence_id), None)
            if entry is None:
                self._found(Fault.NOT_ENTERED, 0, row)
            elif not _is_given(each, entry, self._withdrawn.get(str(each.evidence_id))):
                self._found(Fault.DIFFERS, entry.number, row)
            is_looked_at = digest_of_file is not None and each.stored_as
            if digest_of_file and is_looked_at and digest_of_file(each.stored_as) != each.sha256:
                self._found(Fault.FILE, 0 if entry is None else entry.number, row)
        for evidence_id, entry in left.items():
            self._found(Fault.GONE, entry.number, f"evidence {evidence_id}")

    def take_standings(self, standings: Iterable[tuple[DutyId, DutyStanding]]) -> None:
        """Compare how every duty of the province stands with what its entries add up to.

        It comes after the reports, which hold the reasons.
        """
        left = dict(self._last)
        for duty, standing in standings:
            last = left.pop(duty, None)
            if standing != self._sum(duty, last):
                self._found(Fault.STATE, 0 if last is None else last.number, f"duty {duty}")
        for entry in left.values():
            self._found(Fault.WRONG_PROVINCE, entry.number, f"duty {entry.duty_id}")

    def take_plans(self, digests: Mapping[tuple[PlanId, int], str]) -> None:
        """Compare what is kept of the province's plans with the entries that put them in force."""
        kept = {_plan_row(*each): digest for each, digest in digests.items()}
        for row, entry in self._plans.items():
            if row not in kept:
                self._found(Fault.GONE, entry.number, row)
            elif kept[row] != entry.facts.get("content"):
                self._found(Fault.DIFFERS, entry.number, row)

    def close(self) -> list[Found]:
        """Return all faults, now that there are no more entries."""
        sealed = self._sealed
        if sealed is not None and sealed.number > self.end.number:
            self._found(Fault.CUT_OFF, self.end.number)
        elif sealed is not None and not self._is_seal_met:
            self._found(Fault.OTHER_SEAL, sealed.number)
        return self.faults

    def _compare(
        self,
        row: str,
        kept: Iterable[tuple[str, Kept]],
        entries: Mapping[str, Entry],
        is_told: Callable[[Kept, Entry], bool],
    ) -> None:
        left = dict(entries)
        for row_id, each in kept:
            entry = left.pop(row_id, None)
            if entry is None:
                self._found(Fault.NOT_ENTERED, 0, f"{row} {row_id}")
            elif not is_told(each, entry):
                self._found(Fault.DIFFERS, entry.number, f"{row} {row_id}")
        for row_id, entry in left.items():
            self._found(Fault.GONE, entry.number, f"{row} {row_id}")

    def _remember(self, entry: Entry) -> None:
        facts = entry.facts
        if entry.act in OF_REPORTS and entry.duty_id is not None:
            self._reports[str(facts.get("report"))] = entry
            if entry.act in OF_DUTIES:
                self._last[entry.duty_id] = entry
        elif entry.act == Act.REVIEWED:
            self._reviews[str(facts.get("review"))] = entry
        elif entry.act == Act.ANSWERED:
            self._answers[str(facts.get("answer"))] = entry
        elif entry.act == Act.EVIDENCE_GIVEN:
            self._evidence[str(facts.get("evidence"))] = entry
        elif entry.act == Act.EVIDENCE_WITHDRAWN:
            self._withdrawn[str(facts.get("evidence"))] = entry
        elif entry.act == Act.PLAN_IN_FORCE:
            self._plans[_plan_row(facts.get("plan"), facts.get("version"))] = entry

    def _sum(self, duty: DutyId, last: Entry | None) -> DutyStanding:
        if last is None:
            return DutyStanding(DutyState.OPEN, "", None)
        state = str(last.facts.get("state"))
        return DutyStanding(state, self._reasons.get(duty, ""), last.at)

    def _found(self, fault: Fault, number: int, row: str = "") -> None:
        self.faults.append(Found(fault, number, row))


def _is_told(report: KeptReport, entry: Entry) -> bool:
    facts = entry.facts
    # Reports of before there was a record were entered without one; an erased one proves nothing.
    is_reason_told = report.reason_digest in (None, facts.get("reason", report.reason_digest))
    is_link_told = report.link_digest in (None, facts.get("link", ""))
    return (
        is_reason_told
        and is_link_told
        and (
            report.figure,
            report.state,
            report.agency_id,
            report.webhook_event_id,
            report.person_id,
            report.duty_id,
            report.at,
        )
        == (
            facts.get("figure", ""),
            facts.get("state"),
            facts.get("agency"),
            facts.get("event"),
            entry.person_id,
            entry.duty_id,
            entry.at,
        )
    )


def _is_review_told(review: KeptReview, entry: Entry) -> bool:
    return (review.report_id, review.person_id, review.duty_id, review.at) == (
        entry.facts.get("report"),
        entry.person_id,
        entry.duty_id,
        entry.at,
    )


def _is_answer_told(answer: KeptAnswer, entry: Entry) -> bool:
    is_text_told = answer.digest in (None, entry.facts.get("text"))
    return is_text_told and (answer.report_id, answer.person_id, answer.duty_id, answer.at) == (
        entry.facts.get("report"),
        entry.person_id,
        entry.duty_id,
        entry.at,
    )


def _is_given(kept: KeptEvidence, entry: Entry, withdrawal: Entry | None) -> bool:
    """Whether a piece of evidence is what was entered, and was withdrawn if and only if that was.

    What was withdrawn has neither file nor link, anything else has one.
    """
    facts, is_withdrawn = entry.facts, kept.withdrawn_at is not None
    is_link = kept.kind is EvidenceKind.LINK and not is_withdrawn
    return (
        is_withdrawn == (withdrawal is not None) == (not (kept.stored_as or kept.link))
        and (not is_link or sha256(kept.link.encode()).hexdigest() == kept.sha256)
        and (kept.sha256, kept.kind, kept.agency_id, kept.person_id, kept.duty_id, kept.at)
        == (
            facts.get("sha256"),
            facts.get("kind"),
            facts.get("agency"),
            entry.person_id,
            entry.duty_id,
            entry.at,
        )
    )


def _plan_row(plan: object, version: object) -> str:
    return f"plan {plan} version {version}"
