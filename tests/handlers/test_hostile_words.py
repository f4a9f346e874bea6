"""What people write is a value and never a command, whatever it looks like elsewhere."""

import unicodedata

import pytest
from sqlalchemy import func, select

from store.database import transaction
from store.models import InboxEvent, OutboxMessage, QueueState
from store.types import Role
from tests.stage import Stage

AGENCY = "เทศบาลนครเชียงใหม่"

PRINTABLE = [
    pytest.param("'; DROP TABLE report; --", id="SQL"),
    pytest.param('"}],"type":"bubble","altText":', id="JSON"),
    pytest.param("<img src=x onerror=alert(1)>", id="markup"),
    pytest.param("{0.__class__} %s %(x)s ${x} {{7*7}}", id="templates"),
]
ODD = [
    pytest.param("a\nb\rc\x1b[2J\x9b2J", id="line ends and terminals"),
    pytest.param("x\0y\ud83dz", id="NUL and half a pair"),
    pytest.param("ก" * 5000, id="as long as LINE allows"),
    pytest.param("\u0e33" * 5000, id="5,000 vowels without a letter"),
    pytest.param("เสร็จ " * 1000, id="a thousand commands"),
]


@pytest.mark.parametrize("words", PRINTABLE)
def test_a_reason_reaches_the_coordinator_as_it_was_said(stage: Stage, words: str) -> None:
    stage.coordinator("Malee")
    stage.officer("Somchai", AGENCY)
    stage.say("Somchai", f"ติดปัญหา 3 เพราะ {words}")

    stage.at("2024-01-08T09:00")
    pushed = stage.tick()

    assert [text for _, text in pushed if f"เพราะ {words}" in text] != []


@pytest.mark.parametrize("words", [*PRINTABLE, *ODD])
@pytest.mark.parametrize("before", ["", "ติดปัญหา 3 เพราะ ", "ลงทะเบียน ", "สถานะ "])
def test_odd_words_are_worked_and_hold_up_nobody(stage: Stage, before: str, words: str) -> None:
    stage.say("Somchai", before + words)
    stage.tap("Somchai", words)

    joined = stage.join("Somchai", stage.code(Role.OFFICER, AGENCY))

    assert joined[0].startswith("✅ ลงทะเบียนแล้ว")
    with transaction(stage.engine) as session:
        undone = select(func.count()).where(InboxEvent.state != QueueState.DONE)
        unsent = select(func.count()).where(OutboxMessage.state != QueueState.DONE)
        assert (session.scalar(undone), session.scalar(unsent)) == (0, 0)


@pytest.mark.parametrize("words", ODD)
def test_nothing_that_cannot_be_seen_is_sent_on(stage: Stage, words: str) -> None:
    stage.coordinator("Malee")
    stage.officer("Somchai", AGENCY)
    said = stage.say("Somchai", f"ติดปัญหา 3 เพราะ {words}")

    stage.at("2024-01-08T09:00")
    said += [text for _, text in stage.tick()]

    letters = set("".join(said)) - {"\n"}
    assert [each for each in letters if unicodedata.category(each) in ("Cc", "Cs")] == []
