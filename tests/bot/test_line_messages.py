"""Parts of a message as LINE wants them: within its limits, nothing lost on the way."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.emulator import limits
from bot.line_messages import line_messages
from messages_th.parts import (
    Card,
    Open,
    Part,
    Press,
    Row,
    Say,
    Text,
    Url,
    from_json,
    to_json,
)
from store.types import Fetch, PersonId
from tests.fakes import linked

LONGEST = 5000
"""UTF-16 units that LINE allows in a text."""

DONE = Press("เสร็จสิ้น", "1:done:7:1", shown="เสร็จสิ้น ข้อ ๑๑")
STUCK = Press("ติดปัญหา", "1:stuck:7:1", fill_in="ติดปัญหา ๑๑ เพราะ ")
WEEK = Say("สัปดาห์นี้", "สัปดาห์นี้มีอะไรต้องส่ง")


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(Text("สวัสดี"), id="text"),
        pytest.param(Text("เลือกได้เลย", (DONE, STUCK, WEEK)), id="text with quick replies"),
        pytest.param(Text("ก", (WEEK,) * 13), id="as many quick replies as LINE takes"),
        pytest.param(Card("มีงาน ๑ ข้อ", "งานของท่าน", ()), id="card without rows"),
        pytest.param(
            Card(
                "มีงาน ๒ ข้อ",
                "งานของท่าน",
                (
                    Row("ข้อ ๑๑ เผยแพร่ข้อมูล", "ภายใน ๓๑ มี.ค. ๖๗", (DONE, STUCK)),
                    Row("ข้อ ๑๒", "ยังไม่เปิด"),
                ),
                note="พิมพ์ “ช่วยเหลือ” ได้เสมอ",
                choices=(WEEK,),
            ),
            id="card with everything",
        ),
        pytest.param(Card("ก", "ข", (Row("ค", "ง", (WEEK,)),)), id="card with a message button"),
        pytest.param(
            Card(
                "ก",
                "ข",
                (Row("ค", "ง", (Open("เปิด", Fetch.DOWNLOAD, 7, PersonId(1)),)),),
                choices=(Url("เว็บไซต์", "https://www.example.go.th/ita"),),
            ),
            id="card with links",
        ),
    ],
)
def test_every_part_is_within_lines_limits_also_after_being_stored(part: Part) -> None:
    made = line_messages([part], linked)

    assert limits.problems(made) == []
    assert line_messages(from_json(to_json([part])), linked) == made


def test_a_tap_carries_its_data_and_shows_what_was_tapped() -> None:
    (message,) = line_messages([Text("ก", (DONE, STUCK, WEEK))], linked)

    done, stuck, week = (each["action"] for each in message["quickReply"]["items"])

    assert done == {
        "type": "postback",
        "label": "เสร็จสิ้น",
        "data": "1:done:7:1",
        "displayText": "เสร็จสิ้น ข้อ ๑๑",
    }
    assert stuck == {
        "type": "postback",
        "label": "ติดปัญหา",
        "data": "1:stuck:7:1",
        "inputOption": "openKeyboard",
        "fillInText": "ติดปัญหา ๑๑ เพราะ ",
    }
    assert week == {"type": "message", "label": "สัปดาห์นี้", "text": "สัปดาห์นี้มีอะไรต้องส่ง"}


def words(value: Any) -> list[str]:
    if isinstance(value, list):
        return [found for each in value for found in words(each)]
    if not isinstance(value, dict):
        return []
    own = [value[name] for name in ("text", "label", "altText") if name in value]
    return own + [found for each in value.values() for found in words(each)]


def test_everything_on_a_card_is_shown() -> None:
    card = Card("ก", "ข", (Row("ค", "ง", (DONE,)), Row("จ", "ฉ")), note="ช", choices=(WEEK,))

    shown = words(line_messages([card], linked))

    assert [each for each in shown if len(each) == 1] == ["ก", "ข", "ค", "ง", "จ", "ฉ", "ช"]
    assert {"เสร็จสิ้น", "สัปดาห์นี้"} <= set(shown)


def test_a_request_keeps_the_order_of_its_parts() -> None:
    parts = [Text("หนึ่ง"), Card("สอง", "สอง", ()), Text("สาม", (WEEK,))]

    made = line_messages(parts, linked)

    assert [each["type"] for each in made] == ["text", "flex", "text"]
    assert ["quickReply" in each for each in made] == [False, False, True]
    assert limits.problems(made) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ก" * LONGEST, "ก" * LONGEST, id="just fits"),
        pytest.param("ก" * (LONGEST + 1), "ก" * (LONGEST - 1) + "…", id="one too many"),
        pytest.param("😀" * 2500, "😀" * 2500, id="emoji that just fit"),
        pytest.param("😀" * 2501, "😀" * 2499 + "…", id="no emoji is cut in two"),
    ],
)
def test_a_text_is_cut_where_line_would_refuse_it(text: str, expected: str) -> None:
    (message,) = line_messages([Text(text)], linked)

    assert message["text"] == expected
    assert limits.problems([message]) == []


@given(
    pattern=st.text(st.sampled_from("กข้ิ😀👩\u200d👩\u200d👧 \n"), min_size=1, max_size=9),
    end=st.text(max_size=3),
)
def test_a_text_of_any_length_is_taken(pattern: str, end: str) -> None:
    text = "ก" + pattern * (2 * LONGEST // len(pattern)) + end

    made = line_messages([Text(text)], linked)

    assert limits.problems(made) == []
    assert text.startswith(made[0]["text"].removesuffix("…"))
