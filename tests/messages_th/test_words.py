"""Commands are understood as officers write them, and chatter in a group is left alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages_th.digits import to_arabic_digits, to_thai_digits
from messages_th.names import short_name
from messages_th.words import Command, Understood, understand
from store.types import DutyState
from tests.messages_th.misspellings import PROVINCES, sample_agencies
from tests.messages_th.phrases import CHATTER, COMMANDS, NOT_EVEN_TO_THE_BOT, ONLY_TO_THE_BOT

EVERYWHERE = {text: each for text, each in COMMANDS.items() if text not in ONLY_TO_THE_BOT}
THAI = st.text(alphabet=[chr(code) for code in range(0x0E01, 0x0E5C)] + list(" .,-19"))
POLITE = st.sampled_from(["ค่ะ", " ครับ", "นะคะ", " นะครับ", "ค่ะ 🙏", " ครับผม", "คะ...", "ค่า"])


@pytest.mark.parametrize(("text", "expected"), [*EVERYWHERE.items(), *ONLY_TO_THE_BOT.items()])
def test_a_message_to_the_bot_is_understood(text: str, expected: Understood) -> None:
    assert understand(text, in_group=False) == expected


@pytest.mark.parametrize(("text", "expected"), EVERYWHERE.items())
def test_a_command_is_understood_in_a_group(text: str, expected: Understood) -> None:
    assert understand(text, in_group=True) == expected


@pytest.mark.parametrize("text", [*CHATTER, *ONLY_TO_THE_BOT])
def test_what_is_no_plain_command_is_silence_in_a_group(text: str) -> None:
    assert understand(text, in_group=True) is None


@pytest.mark.parametrize("text", NOT_EVEN_TO_THE_BOT)
def test_what_asks_nothing_is_none_in_a_chat_with_the_bot_too(text: str) -> None:
    assert understand(text, in_group=False) is None


def test_every_command_has_a_phrase_for_the_group() -> None:
    # In a group "อนุมัติ ๓" is chatter more often than not, and such acts are done in 1:1.
    private = {
        Command.APPROVE,
        Command.RETURN,
        Command.REVIEW,
        Command.REVIEWS_DUE,
        Command.REOPEN,
        Command.ANSWER_STUCK,
        Command.WHO_IS_STUCK,
        Command.REQUIRE_EVIDENCE,
        Command.REQUIRE_NO_EVIDENCE,
        Command.INVITE,
        Command.INVITE_ALL,
        Command.JOIN,
        Command.MY_NAME,
        Command.JOIN_REQUESTS,
        Command.HAND_OVER,
        Command.LEAVE_POST,
        Command.RELIEVE,
        Command.ERASE_ME,
        Command.REMINDER_SETTINGS,
        Command.HOLIDAYS,
        Command.PROMISE,
        Command.QUIET,
        Command.RESUME,
        Command.WHY_REMINDED,
        Command.WHY_NOT_REMINDED,
    }
    assert {each.command for each in EVERYWHERE.values()} == set(Command) - private
    assert {each.command for each in ONLY_TO_THE_BOT.values()} >= private


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ข้อ 11 ยังไม่เสร็จ", id="denied"),
        pytest.param("ข้อ 11 เสร็จไหม", id="asked"),
        pytest.param("ข้อ 11 จะเสร็จพรุ่งนี้", id="planned"),
        pytest.param("ถ้าข้อ 11 เสร็จแล้วต้องทำอะไร", id="supposed"),
        pytest.param("ข้อ 11 เกือบเสร็จแล้ว", id="nearly"),
        pytest.param("เสร็จ 3 กำลังทำ 5", id="two states at once"),
        pytest.param("เสร็จข้อ ๑๐ แต่ข้อ ๑๑ ยัง", id="one of two is not"),
        pytest.param("เสร็จข้อ ๓ เหรอคะ", id="doubted"),
        pytest.param("เสร็จ ๑๒ สัปดาห์หน้า", id="promised"),
        pytest.param("ไม่ได้กำลังทำข้อ ๑๐", id="not being done"),
        pytest.param("กำลังทำข้อ ๑๐ แต่ข้อ ๑๑ ยัง", id="one of two is not begun"),
    ],
)
def test_what_is_not_done_is_never_reported(text: str) -> None:
    understood = understand(text, in_group=False)

    assert understood is None or understood.state is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ข้อ ๑๓ ติดปัญหาอะไรคะ", id="asked what"),
        pytest.param("ถ้าติดปัญหาข้อ ๑๐ ต้องทำอย่างไร", id="supposed and asked"),
        pytest.param("หากมีปัญหาข้อ ๑๒ ให้แจ้ง", id="supposed"),
        pytest.param("ข้อ ๑๕ มีปัญหาไหม", id="asked whether"),
        pytest.param("มีปัญหาข้อ ๑๗ หรือเปล่า", id="asked whether or not"),
        pytest.param("ใครติดปัญหาข้อ ๑๒ บ้าง", id="asked who"),
        pytest.param("แก้ปัญหาที่ติดขัดข้อ ๑๒ ได้แล้ว", id="mended"),
        pytest.param("ข้อ ๑๒ มีปัญหาแต่แก้ได้แล้ว", id="mended since"),
        pytest.param("ติดปัญหาข้อ ๑๒ แก้ไขแล้ว", id="mended, number in the middle"),
        pytest.param("หายติดปัญหาข้อ ๑๒ แล้ว", id="over"),
        pytest.param("เคยติดปัญหาข้อ ๑๒", id="once upon a time"),
    ],
)
def test_a_problem_that_nobody_has_is_never_reported(text: str) -> None:
    understood = understand(text, in_group=False)

    assert understood is None or understood.command is Command.ACTIVITY


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ยกเลิกข้อ ๓ อย่างไร", id="asked how"),
        pytest.param("ยกเลิกข้อ ๓ ได้ไหม", id="asked whether"),
        pytest.param("ถ้ายกเลิกข้อ ๓", id="supposed"),
        pytest.param("ใครกดผิดข้อ ๓", id="asked who"),
        pytest.param("ไม่ได้กดผิดข้อ ๓", id="denied"),
    ],
)
def test_nothing_is_undone_that_nobody_asked_to_undo(text: str) -> None:
    assert understand(text, in_group=False) == Understood(Command.ACTIVITY, activities=("3",))


@given(text=st.sampled_from(sorted(EVERYWHERE)))
def test_thai_and_arabic_digits_mean_the_same(text: str) -> None:
    in_thai, in_arabic = (
        understand(digits(text), in_group=True) for digits in (to_thai_digits, to_arabic_digits)
    )

    assert in_thai is not None
    assert in_arabic is not None
    assert (in_thai.command, in_thai.period, in_thai.activities, in_thai.code) == (
        in_arabic.command,
        in_arabic.period,
        in_arabic.activities,
        in_arabic.code,
    )


@given(text=st.sampled_from(sorted(EVERYWHERE)), polite=POLITE)
def test_politeness_changes_nothing(text: str, polite: str) -> None:
    assert understand(text + polite, in_group=True) == EVERYWHERE[text]


@given(text=st.one_of(st.text(), THAI))
def test_what_a_group_hears_is_understood_in_a_chat_with_the_bot_alike(text: str) -> None:
    in_group = understand(text, in_group=True)

    assert in_group in (None, understand(text, in_group=False))


@pytest.mark.parametrize("form", ["สถานะ {}", "เสร็จ ๑๑ {} ค่ะ", "ติดปัญหา ๑๑ {} รอข้อมูล"])
@pytest.mark.parametrize("in_group", [True, False])
def test_every_agency_can_be_named_in_a_command(form: str, *, in_group: bool) -> None:
    names = [
        name
        for province in PROVINCES
        for agency in sample_agencies(province)
        for name in (agency.name, short_name(agency.name, agency.kind))
    ]

    understood = [understand(form.format(name), in_group=in_group) for name in names]

    assert [each and each.agency for each in understood] == names


@given(numbers=st.lists(st.integers(1, 99), min_size=1, max_size=9, unique=True))
def test_every_list_of_activities_is_read(numbers: list[int]) -> None:
    names = tuple(map(str, numbers))

    understood = understand(f"เสร็จ {to_thai_digits(', '.join(names))}", in_group=True)

    assert understood == Understood(Command.REPORT, activities=names, state=DutyState.DONE)


@pytest.mark.parametrize("in_group", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("เสร็จ " * 900, id="a word again and again"),
        pytest.param("เสร็จ " + "1," * 2400, id="numbers without end"),
        pytest.param("เสร็จ " + "1 " * 450, id="numbers, just short enough"),
        pytest.param("<b>สถานะ</b>" * 400, id="markup"),
        pytest.param("\u200b" * 5000, id="zero width"),
        pytest.param("อ.บ.ต. " * 140, id="kinds of agencies"),
        pytest.param(" " * 990 + "ค่ะ", id="spaces"),
        pytest.param("เสร็จ 11 " + " แล้ว" * 190 + "ก", id="a word behind"),
        pytest.param("สัปดาห์นี้มีอะไร" * 60, id="half a question"),
    ],
)
def test_long_texts_are_left_alone_at_once(text: str, *, in_group: bool) -> None:
    started = time.perf_counter()

    understood = understand(text, in_group=in_group)

    assert understood is None or understood.command is Command.REPORT
    assert time.perf_counter() - started < 1
