"""Evidence: of the right duty, by who may give it, shown to who may see it, withdrawn."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import event, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.test import Client

from bot.__main__ import main
from bot.app import create_app
from bot.inbox import answer_next
from bot.sending import NoContent
from bot.server import guarded
from bot.settings import Settings
from bot.wiring import House
from handlers import record_audit
from handlers.rules.evidence import MOST_OF_A_DUTY
from handlers.rules.record_check import Fault, Found
from store import agencies, record
from store.database import open_snapshot, transaction
from store.models import Evidence, InboxEvent, PersonRow, PostRow, RecordEntry
from store.types import Act, DutyState, Role
from tests.bot.queue_rows import SECRET, keep, said
from tests.factories import state_of
from tests.fakes import FakeLine, reasons
from tests.handlers.conftest import MAE_RAEM
from tests.handlers.pictures import JPEG, PDF, PNG, office
from tests.stage import GROUP, Stage, actions, unnumbered, user_id

HOW = "ภาพหรือไฟล์นี้เป็นหลักฐานของข้อใด โปรดพิมพ์ “หลักฐาน” ตามด้วยเลขข้อ เช่น “หลักฐาน ๑๑” แล้วส่งอีกครั้ง"
ONE_KEPT = "📎 ทต.แม่แรม ข้อ ๓ รับหลักฐาน (ภาพ) แล้ว รวม ๑ รายการ"
TWO_KEPT = "📎 ทต.แม่แรม ข้อ ๓ รับหลักฐาน (ภาพ) แล้ว รวม ๒ รายการ"
SEND_IT = "โปรดส่งภาพหรือไฟล์หลักฐานของ ทต.แม่แรม ข้อ ๓ ภายใน ๓๐ นาที (ไม่เกิน ๑๐ MB)"
ONLY_SOME_TYPES = (
    "รับเป็นหลักฐานได้เฉพาะภาพ (JPEG, PNG, WebP, HEIC), PDF, Word, Excel และ PowerPoint จึงไม่ได้เก็บไฟล์นี้"
)
MISNAMED = "ชนิดของไฟล์ไม่ตรงกับนามสกุลในชื่อไฟล์ จึงไม่ได้เก็บไฟล์นี้ โปรดบันทึกใหม่ด้วยโปรแกรมที่สร้างแล้วส่งอีกครั้ง"
LINK_REFUSED = (
    "ลิงก์นี้ใช้เป็นหลักฐานไม่ได้ จึงไม่ได้บันทึก โปรดส่งลิงก์ที่เปิดจากอินเทอร์เน็ตได้"
    " ขึ้นต้นด้วย https:// ยาวไม่เกิน ๕๐๐ ตัวอักษร"
)


def pieces(stage: Stage) -> list[Evidence]:
    with transaction(stage.engine) as session:
        rows = list(session.scalars(select(Evidence).order_by(Evidence.id)))
        session.expunge_all()
        return rows


def files_of(stage: Stage) -> list[bytes]:
    """What lies in the folder of files."""
    folder: Path = stage.desk.files._folder
    return sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def faults(stage: Stage, *, with_files: bool = False) -> list[Found]:
    def digest(name: str) -> str | None:
        content = stage.desk.files.read(name)
        return None if content is None else sha256(content).hexdigest()

    with transaction(open_snapshot(stage.engine)) as session:
        province = agencies.province_id(session, "เชียงใหม่")
        assert province is not None
        of_file = digest if with_files else None
        return record_audit.check(session, province, None, of_file).faults


def links(stage: Stage) -> list[str]:
    return [each["uri"] for each in actions(stage.line.sent[-1][2]) if each["type"] == "uri"]


@contextmanager
def web(stage: Stage, folder: Path) -> Iterator[Client]:
    """The bot's pages, on the stage's database and files."""
    env = {
        "LINE_CHANNEL_SECRET": SECRET,
        "SPOOL_DIR": str(folder / "spool"),
        "FILES_DIR": str(stage.desk.files._folder),
        "SECRET_KEY": stage.desk.links.key,
    }
    app = create_app(House(Settings.from_env(env), stage.engine, lambda: stage.now))
    yield Client(guarded(app))
    app.extensions["writer"].stop()


def path_of(url: str) -> str:
    return url.removeprefix("https://ita.example.go.th")


def relieve(stage: Stage, name: str) -> None:
    """Let all posts of a person end."""
    with transaction(stage.engine) as session:
        held = select(PersonRow.id).where(PersonRow.line_user_id == user_id(name))
        of_person = PostRow.person_id.in_(held)
        session.execute(update(PostRow).where(of_person).values(until_at=stage.now))


def town_entry(stage: Stage) -> int:
    """The number of the newest entry of Chiang Mai's record."""
    with transaction(stage.engine) as session:
        province = agencies.province_id(session, "เชียงใหม่")
        assert province is not None
        return record.seal(session, province).number


def acts(stage: Stage) -> list[str]:
    with transaction(stage.engine) as session:
        return list(session.scalars(select(RecordEntry.act).order_by(RecordEntry.id)))[-2:]


def test_what_follows_a_report_is_its_evidence_until_half_an_hour_is_over(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")

    town.later(minutes=29)
    first = town.send_photo("นภา", JPEG, imageSet={"id": "a", "index": 1, "total": 2})
    second = town.send_photo("นภา", PNG, imageSet={"id": "a", "index": 2, "total": 2})
    town.later(minutes=31)
    late = town.send_photo("นภา", JPEG)

    assert (unnumbered(first), unnumbered(second), late) == ([ONE_KEPT], [TWO_KEPT], [HOW])
    assert "เลขที่" in first[0]
    kept = [(each.media_type, each.size, each.sha256) for each in pieces(town)]
    assert kept == [
        ("image/jpeg", len(JPEG), sha256(JPEG).hexdigest()),
        ("image/png", len(PNG), sha256(PNG).hexdigest()),
    ]
    assert files_of(town) == sorted([JPEG, PNG])
    assert town.line.fetched == ["1", "2"]
    assert faults(town, with_files=True) == []
    (told,) = town.say("สมศรี", "ประวัติ ๓ ทต.แม่แรม")
    assert "ข้อ ๓ ส่งหลักฐาน · ผู้รับผิดชอบ ทต.แม่แรม" in told


def test_a_number_or_a_quoted_receipt_says_for_which_duty(town: Stage) -> None:
    (asked,) = town.say("นภา", "หลักฐาน ๓")
    by_number = town.send_file("นภา", "รายงาน.pdf", PDF)
    town.later(hours=2)
    town.say("นภา", "เสร็จ ๑๑", GROUP)
    (in_words,) = town.say("นภา", "หลักฐาน", quotedMessageId="nothing of ours")
    town.say("นภา", "กำลังทำ ๑๒")
    town.later(hours=2)
    (quoting,) = town.say("นภา", "หลักฐาน", quotedMessageId=town.last_message_id)
    receipt = town.say("นภา", "กำลังทำ ๕", GROUP)
    quoted = town.last_message_id
    in_group = town.send_photo("นภา", PNG, GROUP, quotedMessageId=quoted)
    by_another = town.send_photo("วิชัย", PNG, GROUP, quotedMessageId=quoted)

    assert asked == SEND_IT
    assert in_words.startswith("โปรดระบุข้อทีละข้อ")
    assert quoting.startswith("โปรดส่งภาพหรือไฟล์หลักฐานของ ทต.แม่แรม ข้อ ๑๒")
    assert unnumbered(by_number) == ["📎 ทต.แม่แรม ข้อ ๓ รับหลักฐาน (ไฟล์) แล้ว รวม ๑ รายการ"]
    assert receipt[0].startswith("⏳ ทต.แม่แรม ข้อ ๕")
    assert unnumbered(in_group) == ["📎 ทต.แม่แรม ข้อ ๕ รับหลักฐาน (ภาพ) แล้ว รวม ๑ รายการ"]
    assert by_another == []
    assert len(pieces(town)) == 2


def test_where_several_may_be_meant_a_tap_says_which_and_it_is_fetched_then(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓,๑๑")

    (asked,) = town.send_file("นภา", "ก.pdf", PDF)
    before = (list(town.line.fetched), files_of(town))
    (chosen,) = [
        each["data"]
        for each in actions(town.line.sent[-1][2])
        if each["label"] == "ข้อ ๑๑" and each["type"] == "postback"
    ]
    by_another = town.tap("วิชัย", chosen)
    said, again = town.tap("นภา", chosen), town.tap("นภา", chosen)

    assert asked == "ภาพหรือไฟล์นี้เป็นหลักฐานของรายการใด"
    assert before == ([], [])
    assert by_another == ["ข้อมูลเปลี่ยนแล้ว ปุ่มนี้ใช้ไม่ได้ แตะเพื่อดูรายการปัจจุบัน"]
    assert unnumbered(said) == ["📎 ทต.แม่แรม ข้อ ๑๑ รับหลักฐาน (ไฟล์) แล้ว รวม ๑ รายการ"]
    assert again == ["ทต.แม่แรม ข้อ ๑๑ มีหลักฐานนี้แล้ว"]
    assert files_of(town) == [PDF]


def test_what_is_for_nothing_or_of_nobody_is_neither_fetched_nor_kept(town: Stage) -> None:
    town.executive("นายก", MAE_RAEM)

    said = {
        "officer": town.send_photo("นภา", JPEG),
        "officer's file": town.send_file("นภา", "ก.pdf", PDF),
        "in the group": town.send_photo("นภา", JPEG, GROUP),
        "quoting a person": town.send_photo("นภา", JPEG, GROUP, quotedMessageId="987"),
        "executive": town.send_photo("นายก", JPEG),
        "stranger": town.send_photo("แปลก", JPEG),
        "a stranger's word": town.say("แปลก", "หลักฐาน ๓"),
        "another agency": town.say("วิชัย", "หลักฐาน ๓ ทต.แม่แรม"),
    }

    assert said["officer"] == said["officer's file"] == [HOW]
    assert said["in the group"] == said["quoting a person"] == said["executive"] == []
    assert said["stranger"] == []
    assert "ยังไม่ได้ลงทะเบียน" in said["a stranger's word"][0]
    assert said["another agency"] == ["“ทต.แม่แรม” ไม่ใช่หน่วยงานที่ท่านลงทะเบียนไว้ จึงไม่ได้บันทึก"]
    assert (town.line.fetched, pieces(town), files_of(town)) == ([], [], [])


def test_a_file_that_lies_or_cannot_be_had_leaves_nothing_behind(
    town: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    town.say("นภา", "หลักฐาน ๓")

    said = [
        town.send_file("นภา", "ภาพ.jpg", b"MZ" + bytes(300)),
        town.send_file("นภา", "ประกาศ.pdf", b"<!DOCTYPE html><script>"),
        town.send_file("นภา", "ก.docx", office("xl/workbook.xml")),
        town.send_file("นภา", "ก.exe", PDF),
        town.send_file("นภา", "ก.pdf", NoContent.TOO_LARGE),
        town.send_photo("นภา", NoContent.GONE),
        town.send_photo("นภา", NoContent.NOT_NOW),
        town.send_photo("นภา", PNG, contentProvider={"type": "external"}),
    ]

    assert [each for (each,) in said] == [
        ONLY_SOME_TYPES,
        ONLY_SOME_TYPES,
        MISNAMED,
        ONLY_SOME_TYPES,
        "ไฟล์นี้ใหญ่เกิน ๑๐ MB จึงไม่ได้เก็บ โปรดลดขนาดแล้วส่งอีกครั้ง หรือส่งเป็นลิงก์",
        "LINE ไม่มีไฟล์นี้แล้ว จึงไม่ได้เก็บ โปรดส่งอีกครั้ง",
        "ยังรับไฟล์นี้จาก LINE ไม่ได้ จึงไม่ได้เก็บ โปรดส่งอีกครั้ง",
        "LINE ไม่มีไฟล์นี้แล้ว จึงไม่ได้เก็บ โปรดส่งอีกครั้ง",
    ]
    assert (pieces(town), files_of(town)) == ([], [])
    assert "4" not in town.line.fetched  # its name alone was enough
    assert reasons(caplog.records) == [
        *["unknown_type"] * 2,
        "misnamed",
        "unknown_type",
        "too_large",
        "gone",
        "not_fetched",
        "gone",
    ]


def test_a_link_is_kept_in_words_and_one_into_our_network_is_not(
    town: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    given = town.say("นภา", "หลักฐาน ๓ https://WWW.maeram.go.th/ita/๓_", id="71")
    again = town.say("นภา", "หลักฐาน ๓ https://www.maeram.go.th/ita/๓_", id="71")
    by_district = town.say("ดา", "หลักฐาน ๓ ทต.แม่แรม https://b.go.th", GROUP, id="72")
    refused = [
        town.say("นภา", f"หลักฐาน ๓ {link}")
        for link in ("http://10.0.0.1/a", "http://0x7f.1/", "http://a@b.go.th", "http://erp.local")
    ]

    assert unnumbered(given) == ["📎 ทต.แม่แรม ข้อ ๓ รับหลักฐาน (ลิงก์) แล้ว รวม ๑ รายการ"]
    assert again == ["ทต.แม่แรม ข้อ ๓ มีหลักฐานนี้แล้ว"]
    assert unnumbered(by_district) == [
        "📎 ทต.แม่แรม ข้อ ๓ รับหลักฐาน (ลิงก์) แล้ว รวม ๒ รายการ (รายงานแทนโดยอำเภอ)"
    ]
    assert refused == [[LINK_REFUSED]] * 4
    assert reasons(caplog.records) == ["link_refused"] * 4
    assert [each.link for each in pieces(town)] == [
        "https://www.maeram.go.th/ita/๓_",
        "https://b.go.th",
    ]
    assert faults(town) == []


def test_where_evidence_is_needed_it_makes_done_what_was_said_to_be(town: Stage) -> None:
    refused = town.say("นภา", "ข้อ ๓ ต้องมีหลักฐาน")
    to_the_bot = {"mentionees": [{"isSelf": True}]}
    in_public = town.say("สมศรี", "ข้อ ๓ ต้องมีหลักฐาน", GROUP, mention=to_the_bot)
    ruled = town.say("สมศรี", "ข้อ ๓ ต้องมีหลักฐาน")
    twice = town.say("สมศรี", "ข้อ ๓ ต้องมีหลักฐาน")

    in_group = town.say("นภา", "เสร็จ ๓,๑๑", GROUP)
    before = state_of(town, MAE_RAEM)
    done = town.send_photo("นภา", JPEG)
    more = town.send_photo("นภา", PNG)
    no_more = town.say("สมศรี", "ข้อ ๓ ไม่ต้องมีหลักฐาน")
    other = town.say("วิชัย", "เสร็จ ๓")

    assert refused == ["คำสั่งนี้สำหรับผู้ประสานงานจังหวัดเท่านั้น"]
    assert in_public == ["กำหนดว่าข้อใดต้องมีหลักฐานได้ในแชตส่วนตัวกับบอต ในกลุ่มนี้จึงไม่ได้เปลี่ยน"]
    assert unnumbered(ruled) == ["✅ ข้อ ๓ ต้องมีหลักฐานก่อนรายงานเสร็จ ที่เสร็จแล้วไม่เปลี่ยน"]
    assert twice == ["ข้อ ๓ กำหนดไว้แล้วว่าต้องมีหลักฐาน"]
    assert unnumbered(in_group)[0].splitlines() == [
        "ทต.แม่แรม ข้อ ๓ ต้องมีหลักฐาน จึงยังไม่บันทึกว่าเสร็จ โปรดส่งภาพหรือไฟล์ในแชตส่วนตัวกับบอตภายใน ๓๐ นาที"
        " หรือพิมพ์ “หลักฐาน ๓” ตามด้วยลิงก์",
        "✅ ทต.แม่แรม ข้อ ๑๑ เสร็จสิ้น (๑/๒๑๑)",
    ]
    assert before is DutyState.OPEN
    assert unnumbered(done) == [f"{ONE_KEPT}\n✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)"]
    assert done[0].count("เลขที่") == 1
    assert unnumbered(more) == [TWO_KEPT]
    assert state_of(town, MAE_RAEM) is DutyState.DONE
    assert unnumbered(no_more) == ["✅ ข้อ ๓ ไม่ต้องมีหลักฐาน"]
    assert unnumbered(other) == ["✅ อบต.ดอนแก้ว ข้อ ๓ เสร็จสิ้น (๒/๒๑๒)"]
    assert faults(town, with_files=True) == []


def test_what_was_asked_for_comes_before_what_may_be_added(town: Stage) -> None:
    town.say("สมศรี", "ข้อ ๓ ต้องมีหลักฐาน")
    town.say("นภา", "กำลังทำ ๑๑")
    town.say("นภา", "เสร็จ ๓")

    said = town.send_photo("นภา", JPEG)

    assert unnumbered(said) == [f"{ONE_KEPT}\n✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)"]


def test_an_executive_sees_how_much_evidence_there_is(town: Stage) -> None:
    town.executive("นายก", MAE_RAEM)
    town.say("สมศรี", "ข้อ ๕ ต้องมีหลักฐาน")

    town.say("นภา", "เสร็จ ๕ ขั้นที่ ๑")
    reported = town.send_photo("นภา", JPEG)
    (card,) = town.say("นายก", "รออนุมัติ")

    assert "รายงานแล้ว รอผู้บริหารอนุมัติ" in reported[0]
    assert "รออนุมัติ · หลักฐาน ๑ รายการ" in card


def test_it_is_listed_and_opened_by_who_may_see_the_agency_and_by_nobody_else(
    border: Stage, tmp_path: Path
) -> None:
    town = border
    town.join("แขก", town.code(Role.VIEWER))
    town.say("นภา", "หลักฐาน ๓")
    town.send_file("นภา", "แผน.pdf", PDF)
    town.say("นภา", "หลักฐาน ๓ https://a.go.th/ประกาศ", id="73")

    asked = "ดูหลักฐาน ๓ ทต.แม่แรม"
    own = town.say("นภา", "ดูหลักฐาน ๓")
    published, url = links(town)
    seen = {who: town.say(who, asked)[0] for who in ("ดา", "สมศรี", "แขก")}
    theirs = links(town)[1]
    unseen = {who: town.say(who, asked) for who in ("วิชัย", "ลำ", "เมือง")}
    in_group = town.say("นภา", "ดูหลักฐาน ๓", GROUP)
    with web(town, tmp_path) as client:
        opened, by_viewer = client.get(path_of(url)), client.get(path_of(theirs))
        relieve(town, "นภา")
        no_longer = client.get(path_of(url))

    assert own[0].splitlines() == [
        "📎 หลักฐาน ทต.แม่แรม ข้อ ๓ ๒ รายการ",
        "ลิงก์: https://a.go.th/ประกาศ",
        f"๓ ม.ค. ๖๗ ๐๙.๐๐ น. · ตรา {sha256('https://a.go.th/ประกาศ'.encode()).hexdigest()[:12]}",
        "ไฟล์ PDF",
        f"๓ ม.ค. ๖๗ ๐๙.๐๐ น. · ๑ KB · ตรา {sha256(PDF).hexdigest()[:12]}",
        "ปุ่มเปิดใช้ได้ ๑๐ นาที",
    ]
    assert published.startswith("https://a.go.th/%E0%B8")
    assert set(seen.values()) == {own[0]}
    assert all("หลักฐาน ทต" not in each for answer in unseen.values() for each in answer)
    assert in_group == ["ดูหลักฐานได้ในแชตส่วนตัวกับบอต"]
    assert (opened.status_code, opened.data) == (200, PDF)
    assert opened.content_type == "application/pdf"
    assert opened.headers["Content-Disposition"] == 'attachment; filename="evidence-1.pdf"'
    assert "sandbox" in opened.headers["Content-Security-Policy"]
    assert opened.headers["X-Content-Type-Options"] == "nosniff"
    assert opened.headers["Cache-Control"] == "no-store"
    assert by_viewer.data == PDF
    assert no_longer.status_code == 404
    assert b"%PDF" not in no_longer.data


def test_what_is_unsent_goes_and_its_digest_stays(town: Stage) -> None:
    town.say("สมศรี", "ข้อ ๓ ต้องมีหลักฐาน")
    town.say("นภา", "เสร็จ ๓")
    town.send_photo("นภา", JPEG)
    town.say("นภา", "หลักฐาน ๓ https://a.go.th/x", id="74")

    said = [town.unsend("นภา", "1"), town.unsend("นภา", "74"), town.unsend("นภา", "74")]
    photo, link = pieces(town)
    (own,), (seen) = town.say("นภา", "สถานะ"), town.say("สมศรี", "สถานะ ทต.แม่แรม")

    assert said == [[], [], []]
    assert (photo.stored_as, photo.sha256) == (None, sha256(JPEG).hexdigest())
    assert (link.link, link.sha256) == ("", sha256(b"https://a.go.th/x").hexdigest())
    assert photo.withdrawn_at is not None
    assert files_of(town) == []
    assert state_of(town, MAE_RAEM) is DutyState.DONE
    assert "ขาดหลักฐาน: ข้อ ๓" in own
    assert "ขาดหลักฐาน: ข้อ ๓" in seen[0]
    assert acts(town) == [Act.EVIDENCE_WITHDRAWN, Act.EVIDENCE_WITHDRAWN]
    assert faults(town, with_files=True) == []
    with transaction(town.engine) as session:
        bodies = session.scalars(select(InboxEvent.body).where(InboxEvent.body.is_not(None)))
        assert not [body for body in bodies if "a.go.th/x" in body or '"id":"1","content' in body]


def test_what_a_leaver_unsends_is_told_by_the_role_it_was_given_in(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")
    town.send_photo("นภา", JPEG)
    relieve(town, "นภา")

    town.unsend("นภา", "1")

    assert [piece.stored_as for piece in pieces(town)] == [None]
    assert acts(town)[-1] == Act.EVIDENCE_WITHDRAWN
    told = town.say("สมศรี", "ประวัติ ข้อ ๓ ทต.แม่แรม")[0]
    assert "ผู้รับผิดชอบ ทต.แม่แรม" in told
    assert "ผู้ประสานงาน" not in told


def test_a_commit_whose_answer_was_lost_costs_no_file(town: Stage) -> None:
    town.say("นภา", "เสร็จ ๓")

    new: list[object] = []

    def flushed(session: Session, _: object) -> None:
        new.extend(each for each in session.new if isinstance(each, Evidence))

    def committed(_: Session) -> None:
        if new:
            new.clear()
            raise OperationalError("COMMIT", {}, ConnectionError())

    event.listen(Session, "after_flush", flushed)
    event.listen(Session, "after_commit", committed)
    try:
        said = town.send_photo("นภา", JPEG)
    finally:
        event.remove(Session, "after_flush", flushed)
        event.remove(Session, "after_commit", committed)

    assert unnumbered(said) == [ONE_KEPT]
    assert files_of(town) == [JPEG]
    assert faults(town, with_files=True) == []


def test_what_a_faster_worker_has_kept_is_kept_once(town: Stage) -> None:
    class Overtaken(FakeLine):
        """While it is asked for the photo, another worker fetches it and answers."""

        def content(self, message_id: str) -> bytes:
            town.work()
            return town.line.content(message_id)

    town.say("นภา", "หลักฐาน ๓")
    message = {"type": "image", "id": "1", "contentProvider": {"type": "line"}}
    source = {"type": "user", "userId": user_id("นภา")}
    raw = said("photo", "", town.now, source=source) | {"message": message}
    town.line.files["1"] = JPEG
    keep(town.engine, raw, at=town.now)

    assert not answer_next(town.engine, Overtaken(), now=town.now, desk=town.desk)

    assert files_of(town) == [JPEG]
    assert len(pieces(town)) == 1


def test_a_duty_has_room_for_so_much_and_no_more(town: Stage) -> None:
    for number in range(MOST_OF_A_DUTY):
        town.say("นภา", "หลักฐาน ๓ https://a.go.th", id=str(100 + number))
    town.say("นภา", "หลักฐาน ๓")

    by_photo, by_link = (
        town.send_photo("นภา", PNG),
        town.say("นภา", "หลักฐาน ๓ https://a.go.th", id="9"),
    )

    assert by_photo == by_link
    assert by_link[0].startswith("ทต.แม่แรม ข้อ ๓ มีหลักฐาน ๒๐ รายการแล้ว จึงไม่ได้เก็บเพิ่ม")
    assert town.line.fetched == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        pytest.param({"sha256": "0" * 64}, Fault.DIFFERS, id="digest"),
        pytest.param({"duty_id": 2}, Fault.DIFFERS, id="duty"),
        pytest.param({"withdrawn_at": None, "link": "https://b.go.th"}, Fault.DIFFERS, id="link"),
        pytest.param(None, Fault.GONE, id="the row"),
    ],
)
def test_evidence_that_was_tampered_with_is_found(
    town: Stage, changed: dict[str, object] | None, fault: Fault
) -> None:
    town.say("นภา", "หลักฐาน ๓ https://a.go.th", id="75")

    with transaction(town.engine) as session:
        if changed is None:
            session.execute(Evidence.__table__.delete())
        else:
            session.execute(update(Evidence).values(changed))

    assert [(each.fault, each.row) for each in faults(town)] == [(fault, "evidence 1")]


def test_a_file_that_was_changed_or_lost_is_found(town: Stage) -> None:
    town.say("นภา", "หลักฐาน ๓")
    town.send_photo("นภา", JPEG)
    town.send_photo("นภา", PNG)

    first, second = (str(each.stored_as) for each in pieces(town))
    town.desk.files._path(first).write_bytes(PNG)
    town.desk.files.remove(second)

    env = {
        "DATABASE_URL": town.engine.url.render_as_string(hide_password=False),
        "FILES_DIR": str(town.desk.files._folder),
    }
    asked = [
        CliRunner().invoke(main, ["verify-record", *flags], env=env, prog_name="bot")
        for flags in ([], ["--files"])
    ]
    assert [each.exit_code for each in asked] == [0, 1]
    assert asked[1].stderr.splitlines() == [
        f"เชียงใหม่: the file of evidence {number} is missing,"
        f" or not the one of which entry {entry} tells."
        for number, entry in ((1, town_entry(town) - 1), (2, town_entry(town)))
    ]
