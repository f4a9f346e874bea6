"""The card of duties: a row each with lasting buttons, the fast path on quick replies."""

from datetime import date

from handlers.postback import button_data
from messages_th.cards import duty_card, quick_replies
from messages_th.parts import Press, Row, Say
from store.types import DutyState
from tests.factories import make_activity, make_agency, make_duty

TODAY = date(2024, 1, 15)
OTHER = make_agency(2, "เทศบาลตำบลริมใต้")


def test_a_row_says_what_until_when_and_how_it_stands() -> None:
    card = duty_card("หัว", "แจ้ง", [make_duty(7)], TODAY, button_data)

    assert card.rows == (
        Row(
            "ข้อ ๓ ลงทะเบียนเข้าสู่ระบบ ITAS",
            "เหลือ ๑๖ วัน (ถึง ๓๑ ม.ค. ๖๗) · ยังไม่รายงาน",
            (
                Press("เสร็จ", "1:done:7:1", "เสร็จ ข้อ ๓"),
                Press("กำลังทำ", "1:doing:7:1", "กำลังทำ ข้อ ๓"),
                Press("ติดปัญหา", "1:stuck:7:1", "ติดปัญหา ข้อ ๓", "ติดปัญหา ข้อ ๓ "),
            ),
        ),
    )
    assert (card.title, card.alt, card.note) == ("หัว", "แจ้ง", "")


def test_rows_of_two_agencies_name_them() -> None:
    card = duty_card("", "", [make_duty(1), make_duty(2, agency=OTHER)], TODAY, button_data)

    assert [row.heading.split(" · ")[0] for row in card.rows] == ["ทต.แม่แรม", "ทต.ริมใต้"]


def test_the_ninth_duty_is_only_counted() -> None:
    card = duty_card("", "", [make_duty(number) for number in range(10)], TODAY, button_data)

    assert len(card.rows) == 8
    assert card.note == "และอีก ๒ รายการ"


def test_quick_replies_offer_all_states_of_the_first_and_done_of_the_next() -> None:
    found = [make_duty(n, make_activity(str(n))) for n in (1, 2, 3, 4)]

    labels = [choice.label for choice in quick_replies(found, button_data)]

    assert labels == [
        "✅ เสร็จ ข้อ ๑",
        "⏳ กำลังทำ ข้อ ๑",
        "⚠️ ติดปัญหา ข้อ ๑",
        "✅ เสร็จ ข้อ ๒",
        "✅ เสร็จ ข้อ ๓",
        "สถานะ",
    ]


def test_without_duties_there_are_questions_to_ask() -> None:
    assert quick_replies([], button_data) == (
        Say("สัปดาห์นี้", "สัปดาห์นี้มีอะไรต้องส่ง"),
        Say("สถานะ", "สถานะ"),
    )


def test_a_step_is_named_in_what_the_tap_says() -> None:
    card = duty_card("", "", [make_duty(steps=2, step=2)], TODAY, button_data)

    stuck = card.rows[0].buttons[2]
    assert isinstance(stuck, Press)
    assert (stuck.shown, stuck.fill_in) == (
        "ติดปัญหา ข้อ ๓ ขั้นที่ ๒",
        "ติดปัญหา ข้อ ๓ ขั้นที่ ๒ ",
    )


def test_every_button_of_a_card_is_for_its_own_duty() -> None:
    card = duty_card(
        "", "", [make_duty(5, state=DutyState.DOING), make_duty(6)], TODAY, button_data
    )

    data = [[b.data for b in row.buttons if isinstance(b, Press)] for row in card.rows]

    assert [{each.split(":")[2] for each in row} for row in data] == [{"5"}, {"6"}]
