"""One life, told to the bot in order and in chaos, and what it knows in the end.

Promised is this.  A chat's events are worked in the order of their timestamps as far as they are
kept when work comes to them, by whichever worker; what is sent twice is worked once; what is no
event, or says neither who nor when, changes nothing.  So the facts in the end are those of the
orderly run

- `by_night`: when all is kept, in whatever order and however often, before work begins;
- `by_day`: when work goes on meanwhile, as long as what LINE mixed up comes within one body
  (it becomes visible at once); what comes again may come at any time later.

Not promised: an order between two chats, so of two officers who report one duty in two chats
either may be the one whose report counts; that it is one, and what it says, is promised.
"""

import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any

from bot import inbox as inbox_loop
from bot.demo.processes import LOOPBACK
from tests.bot.queue_rows import keep, signature
from tests.fakes import FakeLine
from tests.scenarios.life import END, RIVALS, Life, Raw, noise
from tests.scenarios.mortals import SLOTS, Crew, Shared
from tests.scenarios.place import Ground, Place, ground, place

DOUBLED = 0.05
NOISE = 0.05
LARGEST_BODY = 60
"""Events of one webhook body."""
BATCH = 100
REST_SECONDS = 0.05
PATIENCE_SECONDS = 900.0
NO_BODIES = (b"", b"{", b"[]", b"null", b'{"events": 5}', b'{"events": {}}', b"\xff\xfe")
"""Signed bodies that are no webhook bodies."""

Facts = dict[str, Counter[tuple[str, ...]]]


def in_order(life: Life) -> Facts:
    """Tell the life in order to one worker."""
    with place("sqlite") as where:
        life.put(where)
        engine = where.engine()
        events = life.events(where)
        for first in range(0, len(events), BATCH):
            _keep(where, events[first : first + BATCH])
        while inbox_loop.answer_next(engine, FakeLine(), now=END):
            pass
        engine.dispose()
        return facts(where)


def by_night(life: Life, kind: str) -> Facts:
    """Tell all of it in chaos, then let two workers begin."""
    chance = random.Random(life.seed)
    with place(kind) as where:
        life.put(where)
        events = life.events(where)
        with ground(where) as stage:
            told = [*events, *_doubled(events, chance), *_some_noise(len(events), chance)]
            chance.shuffle(told)
            for body in _bodies(told, chance):
                post(stage, body)
            _post_no_bodies(stage)
            with _working(where) as crew:
                _wait(where, crew)
        return facts(where)


def by_day(life: Life, kind: str) -> Facts:
    """Tell it body by body, mixed up within each, while two workers work."""
    chance = random.Random(life.seed)
    with place(kind) as where:
        life.put(where)
        events = life.events(where)
        with ground(where) as stage, _working(where) as crew:
            told = 0
            for body in _bodies(events, chance):
                told += len(body)
                again = _doubled(body, chance, among=events[:told])
                body += [*again, *_some_noise(len(body), chance)]
                chance.shuffle(body)
                post(stage, body)
                crew.ring()
            _post_no_bodies(stage)
            _wait(where, crew)
        return facts(where)


FACTS = {
    "duties": """
        SELECT agency.name, activity.number, step.position, duty.state, duty.reason FROM duty
        JOIN agency ON agency.id = duty.agency_id JOIN step ON step.id = duty.step_id
        JOIN activity ON activity.id = step.activity_id""",
    "people": """
        SELECT line_user_id, is_reachable, reachable_changed_at, first_seen_at FROM person""",
    "posts": """
        SELECT line_user_id, role, province.name, agency.name, until_at FROM post
        JOIN person ON person.id = person_id JOIN province ON province.id = post.province_id
        LEFT JOIN agency ON agency.id = post.agency_id""",
    "chats": """
        SELECT line_chat_id, province.name, bound_at, is_bot_inside, changed_at FROM chat
        LEFT JOIN province ON province.id = chat.province_id""",
    "members": """
        SELECT line_chat_id, who, is_inside, chat_member.changed_at FROM chat_member
        JOIN chat ON chat.id = chat_id""",
    "codes": "SELECT code_digest, used_at IS NULL FROM invitation",
    "answers": "SELECT key FROM outbox_message WHERE topic = 'answer'",
    "undone": "SELECT webhook_event_id, state FROM inbox_event WHERE state <> 'done'",
}
"""What a life leads to: rows by what they say, not by their ids."""
REPORTS = """
    SELECT agency.name, activity.number, step.position, report.state, report.reason,
        report.reported_at, line_user_id FROM report JOIN person ON person.id = report.person_id
    JOIN duty ON duty.id = report.duty_id JOIN agency ON agency.id = duty.agency_id
    JOIN step ON step.id = duty.step_id JOIN activity ON activity.id = step.activity_id
    ORDER BY report.id"""


def facts(where: Place) -> Facts:
    """Return what the database says in the end; a duty's reports with their order."""
    found = {name: Counter(where.facts(sql)) for name, sql in FACTS.items()}
    found["reports"] = Counter()
    numbers: Counter[tuple[str, ...]] = Counter()
    for row in where.facts(REPORTS):
        duty = row[:3]
        numbers[duty] += 1
        # Which of two rivals was faster is not promised; that there is one report is.
        said = row[3:5] if RIVALS in row[0] else row[3:]
        found["reports"][(*duty, str(numbers[duty]), *said)] += 1
    return found


def differences(expected: Facts, found: Facts) -> list[str]:
    """Return in words what one has and the other has not."""
    return [
        f"{word} {name}: {row}"
        for word, one, other in (("missing", expected, found), ("too many", found, expected))
        for name in expected
        for row in one[name] - other[name]
    ]


def post(stage: Ground, events: Sequence[Any], *, raw: bytes | None = None) -> int:
    """Bring a signed body to the webhook; return the status."""
    body = json.dumps({"destination": "U", "events": events}).encode() if raw is None else raw
    connection = HTTPConnection(LOOPBACK, stage.settings.port, timeout=30)
    try:
        secret = stage.settings.channel_secrets[0]
        head = {"X-Line-Signature": signature(body, secret), "Content-Type": "application/json"}
        connection.request("POST", "/callback", body, head)
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    if raw is None:
        assert answer.status == 200, answer.status
    return answer.status


def _post_no_bodies(stage: Ground) -> None:
    statuses = [post(stage, [], raw=body) for body in NO_BODIES]
    assert set(statuses) == {400}, statuses


def _doubled(
    events: Sequence[Raw], chance: random.Random, *, among: Sequence[Raw] | None = None
) -> list[Raw]:
    """Return one in twenty once more, as a redelivery or as it was."""
    count = sum(chance.random() < DOUBLED for _ in events)
    chosen = chance.choices(events if among is None else among, k=count)
    again = {"deliveryContext": {"isRedelivery": True}}
    return [each | again if chance.random() < 0.5 else each for each in chosen]


def _some_noise(count: int, chance: random.Random) -> list[Any]:
    coming = noise(chance)
    return [next(coming) for _ in range(count) if chance.random() < NOISE]


def _bodies(events: Sequence[Raw], chance: random.Random) -> Iterator[list[Any]]:
    first = 0
    while first < len(events):
        size = chance.randint(1, LARGEST_BODY)
        yield list(events[first : first + size])
        first += size


@contextmanager
def _working(where: Place) -> Iterator[Crew]:
    """Let two workers work, for whom it is the end of the day."""
    shared = Shared(where.folder)
    shared.set_clock(END)
    crew = Crew(where, shared, FakeLine)
    for slot in range(SLOTS):
        crew.start(slot, None)
    try:
        yield crew
    finally:
        crew.stop()
        shared.close()


def _wait(where: Place, crew: Crew) -> None:
    """Wait until nothing is left to be worked or sent."""
    until = time.monotonic() + PATIENCE_SECONDS
    crew.ring()
    # What is for office hours alone waits for the next working day, which does not come here.
    comes = f"{END + timedelta(days=1):%Y-%m-%d %H:%M:%S}+00:00"
    left = (
        "SELECT (SELECT count(*) FROM inbox_event WHERE state = 'waiting'"
        " AND next_at IS NULL) + (SELECT count(*) FROM outbox_message"
        f" WHERE state IN ('waiting', 'sending') AND next_at < '{comes}')"
    )
    while where.rows(left)[0][0]:
        assert len(crew.alive()) == SLOTS, crew.log()
        assert time.monotonic() < until, crew.log()
        time.sleep(REST_SECONDS)


def _keep(where: Place, events: Sequence[Raw]) -> None:
    engine = where.engine()
    keep(engine, *events, at=END)
    engine.dispose()
