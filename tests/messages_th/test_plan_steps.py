"""Steps inside a cell: told by their numbers or bullets, with who acts."""

import pytest

from messages_th.plan_steps import actor_of, needs_executive, split_steps
from store.types import Actor
from tests.factories import make_activity, make_duty


@pytest.mark.parametrize(
    ("printed", "title", "steps"),
    [
        pytest.param("ลงทะเบียน ดังนี้ 1) ก 2) ข", "ลงทะเบียน", ["ก", "ข"], id="1)"),
        pytest.param("ลงทะเบียน (๑) ก (๒) ข (๓) ค", "ลงทะเบียน", ["ก", "ข", "ค"], id="(๑)"),
        pytest.param("ลงทะเบียน ๑. ก ๒. ข", "ลงทะเบียน", ["ก", "ข"], id="๑."),
        pytest.param("ลงทะเบียน ๗.๑ ก ๗.๒ ข", "ลงทะเบียน", ["ก", "ข"], id="๗.๑"),
        pytest.param("ลงทะเบียน ขั้นตอนที่ ๑ ก ขั้นตอนที่ ๒ ข", "ลงทะเบียน", ["ก", "ข"], id="words"),
        pytest.param("ลงทะเบียน ได้แก่ - ก - ข", "ลงทะเบียน", ["ก", "ข"], id="announced bullets"),
        pytest.param("- ก - ข", "ก, ข", ["ก", "ข"], id="bullets alone"),
        pytest.param("- ลงทะเบียน", "ลงทะเบียน", [], id="one bullet"),
        pytest.param("ประชุม - ชี้แจง - ติดตาม", "ประชุม - ชี้แจง - ติดตาม", [], id="dashes in prose"),
        pytest.param("แบบวัด 2) ข", "แบบวัด 2) ข", [], id="no first step"),
        pytest.param("ไม่น้อยกว่า ๑ ปี", "ไม่น้อยกว่า ๑ ปี", [], id="a bare number"),
    ],
)
def test_a_cell_is_split_where_it_enumerates(printed: str, title: str, steps: list[str]) -> None:
    read_title, read_steps = split_steps(printed)

    assert read_title == title
    assert [step.title for step in read_steps] == steps


@pytest.mark.parametrize(
    ("step", "actor"),
    [
        ("ผู้ดูแลระบบและผู้บริหารลงทะเบียน", Actor.ADMIN_AND_EXECUTIVE),
        ("ผู้ดูแลระบบ (อปท.) นำเข้าข้อมูล", Actor.ADMIN),
        ("ผู้บริหารตรวจสอบและอนุมัติข้อมูล", Actor.EXECUTIVE),
        ("อนุมัติข้อมูลโดยผู้บริหาร", Actor.EXECUTIVE),
        ("คณะที่ปรึกษาการประเมิน วิเคราะห์", Actor.OUTSIDE),
        ("EIT ส่วนที่ ๒ สำนักงาน ป.ป.ช. จัดเก็บ", Actor.OUTSIDE),
        ("EIT ส่วนที่ ๑ หน่วยงานจัดเก็บ", Actor.AGENCY),
        ("ปรับปรุงให้เป็นไปตามที่สำนักงาน ป.ป.ช. กำหนด", Actor.AGENCY),
        ("จัดทำคู่มือสำหรับผู้ดูแลระบบ", Actor.AGENCY),
    ],
)
def test_a_step_belongs_to_whom_it_names(step: str, actor: Actor) -> None:
    assert actor_of(step) is actor


@pytest.mark.parametrize(
    ("title", "needed"),
    [
        pytest.param(
            "นำเข้าข้อมูลและอนุมัติข้อมูลจำนวนผู้มีส่วนได้ส่วนเสียภายใน (IIT) เข้าสู่ระบบ ITAS",
            True,
            id="Chiang Mai 5",
        ),
        pytest.param("การตอบและอนุมัติข้อมูลตามแบบวัด OIT", True, id="Krabi 16, Lamphun 7.3"),
        pytest.param("การระบุและอนุมัติข้อมูลผู้มีส่วนได้ส่วนเสียภายใน", True, id="Lamphun 7.1"),
        pytest.param("ลงทะเบียนเข้าสู่ระบบ ITAS", False, id="Chiang Mai 3"),
        pytest.param("เสนอขออนุมัติแผนต่อผู้ว่าราชการจังหวัด", False, id="asking the governor"),
        pytest.param("แต่งตั้งคณะทำงาน", False, id="no approval"),
    ],
)
def test_a_text_that_approves_what_was_entered_needs_the_executive(
    title: str,
    needed: bool,  # noqa: FBT001
) -> None:
    assert needs_executive(make_duty(activity=make_activity(title=title))) is needed


@pytest.mark.parametrize(
    ("actor", "needed"),
    [
        (Actor.ADMIN_AND_EXECUTIVE, True),
        (Actor.EXECUTIVE, True),
        (Actor.ADMIN, False),
        (Actor.AGENCY, False),
        (Actor.OUTSIDE, False),
    ],
)
def test_a_step_of_the_executive_needs_the_executive(
    actor: Actor,
    needed: bool,  # noqa: FBT001
) -> None:
    assert needs_executive(make_duty(actor=actor, steps=3)) is needed
