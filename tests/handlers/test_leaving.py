"""Handing over, leaving and being relieved: what is on its way follows the post, at once."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from bot.sending import SendError, Trouble
from messages_th.parts import Text, to_json
from store import agencies, outbox, people, record
from store.database import transaction
from store.models import Notice, OutboxMessage, OutboxNotice, PersonRow, QueueState, Told, Topic
from store.types import Act, Role, Window
from tests.factories import make_draft, posts_of, replan
from tests.handlers.conftest import DON_KAEO, MAE_RAEM
from tests.stage import Stage, actions, plain, user_id

CODE = re.compile("รหัสส่งมอบงาน (.{4}-.{4}) ")
CODE_UNKNOWN = "รหัสนี้ใช้ไม่ได้ อาจพิมพ์ผิด ใช้ไปแล้ว หรือหมดอายุ ตรวจอีกครั้งหรือขอรหัสใหม่จากผู้ประสานงานจังหวัด"
NOT_REGISTERED = "ท่านยังไม่ได้ลงทะเบียนกับบอต"


def code_of(said: list[str]) -> str:
    found = CODE.match(said[0])
    assert found, said
    return found[1]


def come(stage: Stage, *names: str) -> None:
    """Let people add the bot, so that they have read what is kept before they use a code."""
    for name in names:
        stage.event(name, type="follow")


def choices(stage: Stage) -> list[tuple[str, str]]:
    """Return the buttons under what was sent last: what each shows and says."""
    return [(each["label"], each["text"]) for each in actions(stage.line.sent[-1][2])]


def pushes(stage: Stage, since: int) -> list[tuple[str, str]]:
    """Do a round of everything; return all that was pushed since then, and to whom."""
    stage.tick()
    return [
        (to, plain(each))
        for how, to, messages in stage.line.sent[since:]
        if how == "push"
        for each in messages
    ]


def pushed_to(stage: Stage, name: str) -> list[str]:
    """Do a round of everything; return what was pushed to somebody."""
    return [text for to, text in stage.tick() if to == user_id(name)]


def entries(stage: Stage, *acts: Act) -> list[dict[str, object]]:
    """Return what the record says of those acts, with who did it."""
    with transaction(stage.engine) as session:
        province = agencies.province_id(session, "เชียงใหม่")
        assert province is not None
        return [
            {"by": each.person_id, "act": each.act, **each.facts}
            for each in record.entries(session, province)
            if each.act in acts
        ]


def person(stage: Stage, name: str) -> int:
    with transaction(stage.engine) as session:
        found = select(PersonRow.id).where(PersonRow.line_user_id == user_id(name))
        return session.execute(found).scalar_one()


def away(stage: Stage, trouble: Trouble = Trouble.UNREACHED) -> None:
    """Let a round be done while LINE does not answer."""
    stage.line.troubles = [SendError(trouble, "away")] * 30
    stage.tick()
    stage.line.troubles.clear()
    stage.later(minutes=1)


def test_a_post_is_handed_over_with_all_that_hangs_on_it(town: Stage) -> None:
    come(town, "มาลี", "แปลก")
    replan(town, make_draft("3"))
    town.officer("นภา", DON_KAEO)
    assert len(pushed_to(town, "นภา")) == 1  # so นภา was told of January for both
    town.later(hours=1)
    asked = town.say("นภา", "ส่งมอบงาน")
    offered = choices(town)

    said = town.say("นภา", offered[0][1])
    code = code_of(said)
    own = town.say("นภา", code)
    taken = town.say("มาลี", code)
    again = town.say("แปลก", code)

    assert asked[0].startswith("“ส่งมอบงาน” หมายถึงหน้าที่ใด แตะปุ่ม หรือพิมพ์ “ส่งมอบงาน รายการ ")
    assert [label for label, _ in offered] == ["ทต.แม่แรม", "อบต.ดอนแก้ว"]
    assert said[0].splitlines()[1] == "สำหรับผู้รับผิดชอบของ ทต.แม่แรม"
    assert own == ["รหัสนี้เป็นของหน้าที่ที่ท่านถืออยู่ ส่งให้ผู้รับช่วงพิมพ์ในแชตส่วนตัวกับบอต รหัสยังใช้ได้"]
    assert taken[0].startswith("✅ รับมอบงานแล้ว: ผู้รับผิดชอบของ ทต.แม่แรม\n")
    assert taken[1].startswith("มีรายการที่ต้องดำเนินการ ๑ รายการ\nข้อ ๓ ")
    assert again == [CODE_UNKNOWN]
    assert posts_of(town, user_id("มาลี")) == [(Role.OFFICER, MAE_RAEM)]
    assert posts_of(town, user_id("นภา")) == [(Role.OFFICER, DON_KAEO)]
    [made] = entries(town, Act.POST_OFFERED)
    [entry] = entries(town, Act.POST_MOVED)
    assert (made["by"], made["of"]) == (person(town, "นภา"), person(town, "นภา"))
    assert (entry["by"], entry["from"]) == (person(town, "มาลี"), person(town, "นภา"))
    assert "ทต.แม่แรม" in town.say("มาลี", "สถานะ")[0]
    assert "ทต.แม่แรม" not in town.say("นภา", "สถานะ")[0]
    # A date that moves is corrected to who answers for the agency now, and to the leaver for the
    # one that is left.
    replan(town, make_draft("3", window=Window(date(2024, 2, 1), date(2024, 2, 29))))
    corrected = {to: text for to, text in town.tick() if text.startswith("🔁")}
    assert "ทต.แม่แรม" in corrected[user_id("มาลี")]
    assert "ทต.แม่แรม" not in corrected[user_id("นภา")]


@pytest.mark.parametrize("trouble", [Trouble.UNREACHED, Trouble.UNCERTAIN])
def test_a_reminder_on_its_way_goes_to_the_successor(town: Stage, trouble: Trouble) -> None:
    come(town, "มาลี")
    replan(town, make_draft("3"), make_draft("5", "รายงานผล"))
    town.officer("นภา", DON_KAEO)
    code = code_of(town.say("นภา", "ส่งมอบงาน ทต.แม่แรม"))
    away(town, trouble)
    before = len(town.line.sent)

    town.say("มาลี", code)
    sent = pushes(town, before)

    to_successor = [text for to, text in sent if to == user_id("มาลี")]
    to_leaver = [text for to, text in sent if to == user_id("นภา")]
    assert len(to_successor) == 1
    assert "ทต.แม่แรม" in to_successor[0]
    assert "ข้อ ๓" in to_successor[0]
    # What may have arrived is not worded anew; what certainly has not is, without the agency.
    assert len(to_leaver) == (1 if trouble is Trouble.UNREACHED else 0)
    assert not any("ทต.แม่แรม" in text for text in to_leaver)
    with transaction(town.engine) as session:
        carried = select(OutboxNotice.notice_id)
        lost = select(Notice.id).where(Notice.outcome == "", Notice.id.not_in(carried))
        assert session.scalars(lost).all() == []


@pytest.mark.parametrize("keeps_another", [True, False])
def test_the_leaver_gets_nothing_more_of_any_topic(town: Stage, *, keeps_another: bool) -> None:
    come(town, "มาลี")
    replan(town, make_draft("3"), make_draft("5", "อนุมัติโดยผู้บริหาร"))
    town.say("นภา", "เสร็จ ๓")
    town.say("นภา", "ยกเลิก ๓")
    if keeps_another:
        town.officer("นภา", DON_KAEO)
    leaver, to = person(town, "นภา"), user_id("นภา")
    with transaction(town.engine) as session:
        province = agencies.province_id(session, "เชียงใหม่")
        for topic in Topic:
            for is_tried in (True, False):
                outbox.add_message(
                    session,
                    key=f"{topic}:{is_tried}",
                    topic=topic,
                    line_to=to,
                    chat_key=to if topic is Topic.ANSWER else f"{topic}:{is_tried}",
                    person_id=None if topic is Topic.ANSWER else people.PersonId(leaver),
                    province_id=province if topic is Topic.DIGEST else None,
                    parts=to_json([Text(f"ความลับของ ทต.แม่แรม {topic}")]),
                    at=town.now,
                    next_at=town.now + timedelta(minutes=30),
                )
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.key.endswith(":True"))
            .values(may_have_arrived=True, attempts=1, first_try_at=town.now)
        )
    town.later(minutes=1)

    town.say("มาลี", code_of(town.say("นภา", "ส่งมอบงาน ทต.แม่แรม")))
    town.later(hours=1)
    sent = [text for to_whom, text in town.tick() if to_whom == to]

    assert not any("แม่แรม" in text for text in sent)
    with transaction(town.engine) as session:
        states = dict(
            session.execute(
                select(OutboxMessage.key, OutboxMessage.state).where(
                    OutboxMessage.line_to == to, OutboxMessage.key.contains(":True")
                )
            ).all()
        )
    assert states == {f"{topic}:True": QueueState.DROPPED for topic in Topic}


def test_executive_and_district_hand_over_and_approvals_follow(town: Stage) -> None:
    come(town, "ปลัด", "ดาว")
    town.executive("นายก", MAE_RAEM)
    town.at("2024-02-01T09:00")
    by_district = town.say("ดา", "ส่งมอบงาน")
    by_executive = town.say("นายก", "มอบหน้าที่")
    town.line.troubles = [None, SendError(Trouble.UNREACHED, "away")]
    town.say("นภา", "เสร็จ ๕")
    town.later(minutes=1)
    before = len(town.line.sent)

    town.say("ปลัด", code_of(by_executive))
    town.say("ดาว", code_of(by_district))
    cards = pushes(town, before)

    assert "สำหรับผู้ติดตามงานของ อ.แม่ริม" in by_district[0]
    assert [to for to, text in cards if text.startswith("📨")] == [user_id("ปลัด")]
    assert posts_of(town, user_id("นายก")) == posts_of(town, user_id("ดา")) == []
    assert posts_of(town, user_id("ปลัด")) == [(Role.EXECUTIVE, MAE_RAEM)]
    assert town.say("ดาว", "ภาพรวม")[0].startswith("ภาพรวมอ.แม่ริม")


def test_a_coordinator_hands_over_the_secretariat_and_the_digest_with_it(town: Stage) -> None:
    come(town, "มานะ", "แปลก")
    town.at("2024-01-08T08:00")
    town.at("2024-01-08T08:31")
    away(town)
    first = town.say("สมศรี", "ส่งมอบงาน")
    code = code_of(town.say("สมศรี", "ส่งมอบงาน"))
    void = town.say("แปลก", code_of(first))

    taken = town.say("มานะ", code)
    town.later(hours=1)
    sent = town.tick()

    assert void == [CODE_UNKNOWN]
    assert taken[0].startswith("✅ รับมอบงานแล้ว: ผู้ประสานงานของ จังหวัดเชียงใหม่")
    assert {role for role, _ in posts_of(town, user_id("มานะ"))} == {Role.COORDINATOR, Role.OFFICER}
    assert len(posts_of(town, user_id("มานะ"))) == 3
    assert posts_of(town, user_id("สมศรี")) == []
    assert [to for to, text in sent if "สรุป" in text] == [user_id("มานะ")]
    assert user_id("สมศรี") not in {to for to, _ in sent}
    assert len(entries(town, Act.POST_MOVED)) == 3


def test_a_coordinator_hands_over_and_relieves_for_who_has_gone(town: Stage) -> None:
    come(town, "ปราณี")
    town.officer("มาลี", MAE_RAEM)
    town.say("สมศรี", "ส่งมอบงาน ทต.แม่แรม")
    nameless = {label for label, _ in choices(town)}
    with transaction(town.engine) as session:
        session.execute(
            update(PersonRow)
            .where(PersonRow.line_user_id == user_id("มาลี"))
            .values(display_name="มาลี <b>ใจดี</b>")
        )
    refused = [town.say("นภา", each) for each in ("พ้นหน้าที่ อบต.ดอนแก้ว", "ส่งมอบงาน อบต.ดอนแก้ว")]

    asked = town.say("สมศรี", "ส่งมอบงาน ทต.แม่แรม")
    offered = choices(town)
    code = code_of(town.say("สมศรี", offered[1][1]))
    town.say("ปราณี", code)
    sure = town.say("สมศรี", "พ้นหน้าที่ อบต.ดอนแก้ว")
    confirmation = choices(town)[0][1]
    foreign = town.say("นภา", confirmation)
    done = town.say("สมศรี", confirmation)
    twice = town.say("สมศรี", confirmation)

    assert refused == [["คำสั่งนี้สำหรับผู้ประสานงานจังหวัดเท่านั้น"]] * 2
    assert len(nameless) == 2
    assert [label for label, _ in offered] == ["ตั้งแต่ ๓ ม.ค. ๖๗", "มาลี <b>ใจดี</b>"]
    assert "ผู้รับผิดชอบของ ทต.แม่แรม (ลงทะเบียนเมื่อ ๓ มกราคม ๒๕๖๗)" in asked[0]
    assert posts_of(town, user_id("มาลี")) == []
    assert posts_of(town, user_id("นภา")) == posts_of(town, user_id("ปราณี"))
    assert "ให้ ผู้ที่ลงทะเบียนเมื่อ ๓ มกราคม ๒๕๖๗ พ้นจากการเป็นผู้รับผิดชอบของ อบต.ดอนแก้ว" in sure[0]
    assert foreign == ["คำสั่งนี้สำหรับผู้ประสานงานจังหวัดเท่านั้น"]
    assert done == ["✅ ผู้ที่ลงทะเบียนเมื่อ ๓ มกราคม ๒๕๖๗ พ้นจากการเป็นผู้รับผิดชอบของ อบต.ดอนแก้วแล้ว"]
    assert twice[0].startswith("หน้าที่นี้สิ้นสุดหรือเปลี่ยนมือไปแล้ว")
    assert posts_of(town, user_id("วิชัย")) == []
    [entry] = entries(town, Act.POST_ENDED)
    assert (entry["by"], entry["of"]) == (person(town, "สมศรี"), person(town, "วิชัย"))
    assert [to for to, _ in town.tick() if to == user_id("วิชัย")] == []


def test_a_coordinator_who_is_relieved_takes_over_nobodys_post_by_a_code(town: Stage) -> None:
    town.coordinator("ปราณี")
    town.say("ปราณี", "ส่งมอบงาน จังหวัด")
    code = code_of(town.say("ปราณี", choices(town)[0][1]))
    town.say("สมศรี", "พ้นหน้าที่ จังหวัด")
    town.say("สมศรี", choices(town)[1][1])
    town.say("สมศรี", choices(town)[0][1])
    assert posts_of(town, user_id("ปราณี")) == []

    refused = town.say("ปราณี", code)

    assert refused == [CODE_UNKNOWN]
    assert posts_of(town, user_id("ปราณี")) == []
    assert (Role.COORDINATOR, "") in posts_of(town, user_id("สมศรี"))


def test_who_leaves_confirms_it_and_the_last_coordinator_stays(town: Stage) -> None:
    come(town, "มาลี")
    void = code_of(town.say("นภา", "ส่งมอบงาน"))
    asked = town.say("นภา", "ออกจากหน้าที่")
    confirmation = choices(town)[0][1]
    in_group = town.say("นภา", f"@bot {confirmation}", "C" + "a" * 32, mention=MENTION)
    left = town.say("นภา", confirmation)
    town.say("นภา", confirmation)
    alone = town.say("สมศรี", "ออกจากหน้าที่")
    town.coordinator("มานะ")

    town.say("สมศรี", "ออกจากหน้าที่")
    town.say("สมศรี", choices(town)[0][1])

    assert asked[0].startswith("ท่านจะพ้นจากการเป็นผู้รับผิดชอบของ ทต.แม่แรม และไม่ได้รับข้อความของหน้าที่นี้อีก")
    assert in_group == ["เรื่องนี้ทำในแชตส่วนตัวกับบอต ในกลุ่มนี้จึงยังไม่มีอะไรเปลี่ยน"]
    assert left == ["✅ ท่านพ้นจากการเป็นผู้รับผิดชอบของ ทต.แม่แรมแล้ว"]
    assert posts_of(town, user_id("นภา")) == []
    assert town.say("มาลี", void) == [CODE_UNKNOWN]
    assert alone == [
        "ท่านเป็นผู้ประสานงานคนเดียวของจังหวัดเชียงใหม่ จึงยังพ้นหน้าที่ไม่ได้ พิมพ์ “ส่งมอบงาน” เพื่อส่งต่อให้ผู้รับช่วงก่อน"
    ]
    assert posts_of(town, user_id("สมศรี")) == []
    assert len(entries(town, Act.POST_ENDED)) == 4
    assert town.say("มานะ", "ออกจากหน้าที่")[0].startswith("ท่านเป็นผู้ประสานงานคนเดียว")


MENTION = {"mentionees": [{"index": 0, "length": 4, "type": "user", "isSelf": True}]}


def test_nothing_of_another_province_is_handed_over_or_ended(border: Stage) -> None:
    with transaction(border.engine) as session:
        told = session.scalars(select(Told.id)).all()
    border.say("ลำ", "พ้นหน้าที่ ทม.ลำพูน")
    confirmation = choices(border)[0][1]

    said = border.say("สมศรี", confirmation)
    by_name = border.say("สมศรี", "พ้นหน้าที่ ทม.ลำพูน")

    assert told == []
    assert said[0].startswith("หน้าที่นี้สิ้นสุดหรือเปลี่ยนมือไปแล้ว")
    assert by_name == ["“ทม.ลำพูน” หมายถึงหน่วยงานใด"]
    assert posts_of(border, user_id("เมือง")) == [(Role.OFFICER, "เทศบาลเมืองลำพูน")]
