"""Reports with a number or a link: kept, shown, entered, corrected, and never doubted silently."""

import pytest
from sqlalchemy import update

from handlers import record_audit
from handlers.rules.record_check import Fault
from store import agencies
from store.database import Engine, open_snapshot, transaction
from store.models import Report
from store.types import DutyState
from tests.factories import duty_of, state_of
from tests.stage import GROUP, Stage, plain, unnumbered

MAE_RAEM = "เทศบาลตำบลแม่แรม"
LINK = "https://maeraem.go.th/ita/2567"


def faults(engine: Engine) -> list[Fault]:
    """What verify-record finds."""
    with transaction(open_snapshot(engine)) as session:
        found = [record_audit.check(session, each) for each in agencies.provinces(session)]
    return [each.fault for checked in found for each in checked.faults]


def test_a_number_and_a_link_are_kept_shown_and_entered(town: Stage) -> None:
    in_group = unnumbered(town.say("นภา", f"เสร็จ ๓ จำนวน ๑,๖๖๔ ชุด {LINK}", GROUP))
    on_behalf = unnumbered(town.say("ดา", "กำลังทำ ๑๑ จำนวน 12.5 % ทต.แม่แรม"))
    again = unnumbered(town.say("นภา", "กำลังทำ ๑๑ จำนวน ๑๒.๕ %"))
    more = unnumbered(town.say("นภา", "กำลังทำ ๑๑ จำนวน ๔๐ %"))

    assert in_group == ["✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒) · ๑,๖๖๔ ชุด · มีลิงก์"]
    assert on_behalf[0].endswith("ข้อ ๑๑ กำลังดำเนินการ (เสร็จแล้ว ๐/๒๑๑) · ๑๒.๕ % (รายงานแทนโดยอำเภอ)")
    assert again == ["ทต.แม่แรม ข้อ ๑๑ แจ้งกำลังดำเนินการไว้แล้ว"]
    assert "๔๐ %" in more[0]
    assert "ข้อ ๓ เสร็จสิ้น · ๑,๖๖๔ ชุด · มีลิงก์ · ผู้รับผิดชอบ" in town.say("นภา", "ประวัติ ข้อ ๓")[0]
    assert "ตัวเลขที่รายงาน: ข้อ ๓ ๑,๖๖๔ ชุด, ข้อ ๑๑ ๔๐ %" in town.say("นภา", "สถานะ")[0]
    assert f"ข้อ ๓: เสร็จสิ้น · ๑,๖๖๔ ชุด · {LINK}" in town.say("นภา", "รายละเอียดข้อ ๓")[0]
    assert LINK not in town.say("นภา", "รายละเอียดข้อ ๓", GROUP)[0]
    assert faults(town.engine) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("เสร็จ ๓,๕ จำนวน ๔๕", "ครั้งละหนึ่งข้อ", id="several"),
        pytest.param("เสร็จ ๓ จำนวน -๔๕", "อ่านตัวเลขที่รายงานไม่ได้", id="negative"),
        pytest.param("เสร็จ ๓ จำนวน 1234567890", "อ่านตัวเลขที่รายงานไม่ได้", id="ten digits"),
        pytest.param("เสร็จ ๓ http://10.0.0.1/ita", "ลิงก์นี้ใช้ไม่ได้", id="inside our network"),
        pytest.param(f"เสร็จ ๓ {LINK} {LINK}", "ลิงก์นี้ใช้ไม่ได้", id="two links"),
    ],
)
def test_what_cannot_be_kept_is_said_in_a_sentence_and_nothing_changes(
    town: Stage, text: str, what: str
) -> None:
    said = town.say("นภา", text)

    assert len(said) == 1
    assert what in said[0]
    assert "จึงไม่ได้บันทึก" in said[0]
    assert state_of(town, MAE_RAEM) is DutyState.OPEN


def test_the_executive_approves_the_very_number_that_was_reported(town: Stage) -> None:
    town.executive("นายก", MAE_RAEM)
    town.say("นภา", f"เสร็จ ๕ จำนวน ๔๕ คน {LINK}")
    card = plain(town.line.sent[-1][2][0])

    town.say("นายก", "อนุมัติ ๕")

    assert f"๔๕ คน · {LINK}" in card
    assert "ข้อ ๕: เสร็จสิ้น · ๔๕ คน" in town.say("นภา", "รายละเอียดข้อ ๕")[0]


def test_a_number_or_link_changed_behind_our_back_is_found(town: Stage) -> None:
    town.say("นภา", f"เสร็จ ๓ จำนวน ๔๕ {LINK}")

    with transaction(town.engine) as session:
        session.execute(update(Report).values(link="https://elsewhere.go.th"))
    by_link = faults(town.engine)
    with transaction(town.engine) as session:
        session.execute(update(Report).values(link=LINK, figure="54"))
    by_figure = faults(town.engine)

    assert (by_link, by_figure) == ([Fault.DIFFERS], [Fault.DIFFERS])


def test_asked_which_of_two_agencies_the_number_is_not_lost(town: Stage) -> None:
    town.officer("นภา", "องค์การบริหารส่วนตำบลดอนแก้ว")

    town.say("นภา", "เสร็จ ๓ จำนวน ๔๕ ชุด")
    choices = [item["action"]["text"] for item in town.line.sent[-1][2][-1]["quickReply"]["items"]]
    town.say("นภา", choices[0])

    assert choices[0].endswith("จำนวน 45 ชุด")
    with transaction(town.engine) as session:
        assert duty_of(session, MAE_RAEM).figure == "45 ชุด"
