"""The record looked at by an operator: whether it is whole, and all of it as rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from handlers.rules.record_check import Found, RecordCheck
from messages_th.phrases import agency_label
from messages_th.record import label, what, who
from store import evidence, record, reviews, stuck
from store.database import Session
from store.types import EntryTold, ProvinceId, Seal


@dataclass(frozen=True, slots=True)
class Checked:
    """What a record was found to be; `seal` is its end, as it stands."""

    entries: int
    seal: Seal
    faults: list[Found]


def check(
    session: Session,
    province: ProvinceId,
    sealed: Seal | None = None,
    digest_of_file: Callable[[str], str | None] | None = None,
) -> Checked:
    """Read a province's record, and compare it with what else is kept and with an earlier seal.

    The session should see everything as of one instant.  With `digest_of_file`, which gives the
    SHA-256 of a stored file, the files of evidence are looked at as well.
    """
    found, count = RecordCheck(province, record.digest_of, sealed), 0
    for entry in record.entries(session, province):
        found.take(entry)
        count += 1
    found.take_reports(record.reports(session, province))
    found.take_reviews(reviews.reviews(session, province))
    found.take_answers(stuck.answers(session, province))
    found.take_evidence(evidence.of_province(session, province), digest_of_file)
    found.take_standings(record.standings(session, province))
    found.take_plans(record.plan_digests(session, province))
    return Checked(count, found.end, found.close())


def rows(session: Session, province: ProvinceId) -> Iterator[tuple[EntryTold, list[str]]]:
    """Yield every entry of a province with its row of an export, in the order of the numbers."""
    for told in record.told(session, province):
        entry = told.entry
        cells = [
            entry.number,
            entry.at.isoformat(timespec="microseconds"),
            what(told),
            "" if told.agency is None else agency_label(told.agency),
            label(told),
            who(told),
            entry.act,
            entry.province_id,
            "" if entry.person_id is None else entry.person_id,
            "" if entry.duty_id is None else entry.duty_id,
            entry.details,
            entry.previous,
            entry.digest,
        ]
        yield told, [_harmless(str(each)) for each in cells]


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
