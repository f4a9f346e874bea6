"""Who has joined, who has not, who cannot be reached: by district, and only numbers in a group."""

from sqlalchemy import insert, select

from messages_th.joined import by_district
from messages_th.words import Command, Understood, understand
from store import agencies
from store.database import transaction
from store.models import District, PersonRow, PostRow
from store.types import Joined, Role
from tests.factories import make_agency
from tests.handlers.conftest import DON_KAEO, MAE_RAEM
from tests.stage import GROUP, Stage, actions, user_id


def everybody_joins(stage: Stage) -> None:
    """Let every agency of the province have an officer whom nobody can write to."""
    with transaction(stage.engine) as session:
        province = agencies.province_id(session, "เชียงใหม่")
        assert province is not None
        for agency in agencies.agencies(session, province):
            row = PersonRow(
                line_user_id=f"U{agency.agency_id:032}",
                is_reachable=False,
                reachable_changed_at=stage.now,
                first_seen_at=stage.now,
            )
            session.add(row)
            session.flush()
            session.execute(
                insert(PostRow).values(
                    person_id=row.id,
                    role=Role.OFFICER,
                    province_id=province,
                    agency_id=agency.agency_id,
                    from_at=stage.now,
                )
            )


def test_a_coordinator_sees_by_district_who_has_joined_and_who_cannot_be_reached(
    town: Stage,
) -> None:
    town.executive("นายก", MAE_RAEM)
    members = {"members": [{"type": "user", "userId": user_id("วิชัย")}]}
    town.event("", GROUP, type="memberLeft", left=members)
    town.event("นภา", type="unfollow")
    town.officer("มานะ", DON_KAEO)
    town.event("มานะ", type="unfollow")

    said = town.say("สมศรี", "ใครยังไม่ลงทะเบียน")
    offered = [each["text"] for each in actions(town.line.sent[-1][2])]
    of_district = town.say("สมศรี", "ติดต่อไม่ได้ อ.แม่ริม")
    own = town.say("ดา", "ใครยังไม่ลงทะเบียน")
    in_group = town.say("ดา", "ใครยังไม่ลงทะเบียน", GROUP)

    lines = said[0].splitlines()
    assert lines[0] == "จังหวัดเชียงใหม่ ลงทะเบียนแล้ว ๔/๒๑๔ หน่วยงาน"
    assert len(lines) > 50
    assert "  ติดต่อไม่ได้ (๑): ทต.แม่แรม" in lines
    assert "  ติดต่อไม่ได้บางคน (๑): อบต.ดอนแก้ว" in lines
    assert "  ออกจากกลุ่มแล้ว (๑): อบต.ดอนแก้ว" in lines
    assert len(said[0]) <= 4500
    assert offered == []  # every name has room
    assert of_district == own
    assert own[0].splitlines()[0] == "อ.แม่ริม ลงทะเบียนแล้ว ๒/๑๑ หน่วยงาน"
    assert "และอีก" not in own[0]
    assert in_group == [
        "อ.แม่ริม ลงทะเบียนแล้ว ๒/๑๑ หน่วยงาน ติดต่อไม่ได้ ๑ แห่ง (รายชื่อ: ถามในแชตส่วนตัวกับบอต)"
    ]


def test_each_sees_the_own_area_alone(border: Stage) -> None:
    others = border.say("ดา", "ใครยังไม่ลงทะเบียน อ.ฝาง")
    officer = border.say("นภา", "ใครยังไม่ลงทะเบียน")
    abroad = border.say("ลำ", "ใครยังไม่ลงทะเบียน อ.แม่ริม")
    neighbour = border.say("ลำ", "ใครยังไม่ลงทะเบียน")

    assert others == ["ไม่พบอำเภอ “ฝาง” ในพื้นที่ของท่าน"]
    assert officer[0].startswith("ข้อมูลนี้สำหรับผู้ประสานงานจังหวัดและอำเภอ")
    assert abroad == ["ไม่พบอำเภอ “แม่ริม” ในพื้นที่ของท่าน"]
    with transaction(border.engine) as session:
        chiang_mai = agencies.province_id(session, "เชียงใหม่")
        names = session.scalars(select(District.name).where(District.province_id == chiang_mai))
        here = [name for name in names if f"อ.{name} " in neighbour[0]]
    assert here == []


def test_where_nobody_can_be_reached_a_message_still_holds_it(town: Stage) -> None:
    everybody_joins(town)

    said = town.say("สมศรี", "ใครติดต่อไม่ได้บ้าง")

    assert said[0].startswith("จังหวัดเชียงใหม่ ลงทะเบียนแล้ว ๒๑๔/๒๑๔ หน่วยงาน\n")
    assert "ติดต่อไม่ได้ (" in said[0]
    assert len(said[0]) <= 4500


def test_names_that_have_no_room_are_counted_and_offered_by_district() -> None:
    rows = [
        Joined(
            make_agency(
                number, "เทศบาลตำบล" + "ย" * 40, district=f"{chr(ord('ก') + number % 20)}าง"
            ),
            officers=0,
            executives=0,
            reachable=0,
            outside=0,
        )
        for number in range(212)
    ]

    said = by_district("จังหวัดเชียงใหม่", rows)

    assert len(said.text) <= 4500
    assert said.text.count("\n• อ.") == 20
    assert said.text.count(" และอีก ") == 20
    assert len(said.choices) == 12
    assert understand(said.choices[0].text, in_group=True) == Understood(
        Command.WHO_HAS_JOINED, district="กาง"
    )
