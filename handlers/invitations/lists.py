"""Codes for many agencies at once: made with no transaction open, then kept, then fetched.

Digests and pictures of a province's 212 codes take seconds: inside a transaction that would hold
up everybody else on SQLite.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

from handlers import downloads
from handlers.codes import digest, good_until, keep_code, last_day_of, new_code
from handlers.invitations.sheet import MEDIA_TYPE, Line, Words, workbook
from handlers.record import enter_codes
from handlers.rules.access import Action, provinces_of
from handlers.turn import Answer, CodesMade, CodesWanted, Event, TextSaid, Turn
from messages_th import invitations as say
from messages_th import problems
from messages_th.phrases import agency_label
from messages_th.words import Command, Understood, understand
from store import agencies, people
from store.database import Session
from store.types import Agency, Invited, PersonId, Post, ProvinceId, Role

FILE_NAME = "ita-codes.xlsx"


def wanted_codes(session: Session, event: Event) -> CodesWanted | None:
    """Return the list that a coordinator's text in 1:1 asks for, where there is one to be made."""
    said = event.happening
    if not isinstance(said, TextSaid) or event.source.group_id or not event.source.user_id:
        return None
    understood = understand(said.text, in_group=False, guesses=False)
    if understood is None or understood.command is not Command.INVITE_ALL:
        return None
    person = people.person(session, event.source.user_id, at=event.at)
    province = _province(person.posts if person else ())
    if province is None:
        return None
    missing = without(session, province, Role.OFFICER, at=event.at)
    name = agencies.province_name(session, province)
    return CodesWanted(province, name, Role.OFFICER, tuple(missing)) if missing else None


def without(session: Session, province: ProvinceId, role: Role, *, at: datetime) -> list[Agency]:
    """Return the agencies of the province of which nobody holds a post of that role."""
    have = people.agencies_with(session, province, role, at=at)
    return [each for each in agencies.agencies(session, province) if each.agency_id not in have]


def make_codes(wanted: CodesWanted, *, now: datetime, bot_id: str) -> CodesMade:
    """Return fresh codes for all of the agencies, as digests, and the workbook that holds them."""
    by_district = sorted(wanted.agencies, key=lambda each: each.district)
    codes = [new_code() for _ in by_district]
    with ThreadPoolExecutor() as pool:
        digests = list(pool.map(digest, codes))
    ids = [each.agency_id for each in by_district]
    lines = [
        Line(each.district, agency_label(each), code, say.chat_link(bot_id, code))
        for each, code in zip(by_district, codes, strict=True)
    ]
    return CodesMade(
        wanted.province_id,
        wanted.role,
        tuple(zip(ids, digests, strict=True)),
        workbook(lines, _words(wanted, last_day_of(good_until(now)))),
    )


def keep_codes(
    session: Session, made: CodesMade, *, person: PersonId | None, now: datetime
) -> None:
    """Let the codes of a list count, and enter in the record that they were issued."""
    for agency, code_digest in sorted(made.digests):
        invited = Invited(made.role, made.province_id, None, agency)
        keep_code(session, code_digest, invited, now=now)
    enter_codes(
        session, Invited(made.role, made.province_id), len(made.digests), person=person, at=now
    )


def typed(turn: Turn, _: Understood) -> Answer:
    """Keep the codes that were made for a coordinator, and hand out the list to be fetched."""
    if turn.in_group:
        return [say.IN_PRIVATE]
    province = _province(turn.posts)
    if province is None or turn.person is None:
        return [problems.ONLY_COORDINATOR]
    said = turn.event.happening
    made = said.codes if isinstance(said, TextSaid) else None
    if made is None or made.province_id != province:
        missing = without(turn.session, province, Role.OFFICER, at=turn.now)
        return [say.LIST_NOT_MADE if missing else say.EVERYBODY_HAS_ONE]
    person = turn.person.person_id
    button = downloads.offer(
        turn, person, made.workbook, name=FILE_NAME, media=MEDIA_TYPE, label=say.FETCH
    )
    keep_codes(turn.session, made, person=person, now=turn.now)
    return [say.listed(len(made.digests), last_day_of(good_until(turn.now)), button)]


def _province(posts: Sequence[Post]) -> ProvinceId | None:
    """Return the province of the newest post that lets its holder issue codes, if any does."""
    return next(reversed(provinces_of(posts, Action.INVITE)), None)


def _words(wanted: CodesWanted, last: date) -> Words:
    title = say.sheet_title(wanted.province, wanted.role, last)
    return Words(say.SHEET, title, say.SHEET_NOTE, say.HEADERS)
