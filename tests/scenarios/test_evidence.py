"""Evidence sent in the chat of the stand-in: signed bytes, the content call, unsending."""

import base64

from sqlalchemy import select

from store.database import transaction
from store.models import Evidence
from tests.bot.emulator_stage import Stage as LineStage
from tests.bot.emulator_stage import fresh, open_stage
from tests.handlers.pictures import JPEG, PDF, PNG
from tests.scenarios.one_chat import NINE, work
from tests.stage import Stage, user_id

HERS = user_id("นภา")


def send(line: LineStage, kind: str, content: bytes, **more: object) -> str:
    """Let her send a photo or file; return the message's id."""
    packed = base64.b64encode(content).decode()
    sent = line.control("send", userId=HERS, kind=kind, contentBase64=packed, **more)
    return str(sent["messageId"])


def kept(stage: Stage) -> list[tuple[str | None, str, int]]:
    with transaction(stage.engine) as session:
        rows = session.scalars(select(Evidence).order_by(Evidence.id))
        return [(each.stored_as, each.media_type, each.size) for each in rows]


def test_photos_and_files_come_by_the_content_call_and_go_when_they_are_unsent(
    stage: Stage,
) -> None:
    stage.officer("นภา", "เทศบาลตำบลแม่แรม")

    with open_stage() as whole:
        line = fresh(whole)
        line.control("clock", now=NINE)
        line.person("นภา", userId=HERS)
        line.control("options", content_pending_calls=1)
        line.control("say", userId=HERS, text="เสร็จ ๓")
        said = [work(stage, line, HERS)]
        receipt = line.read(f"transcript?chat={HERS}")[-1]["messageId"]
        line.control("clock", forwardSeconds=3600)
        quoting = send(line, "image", JPEG, quotedMessageId=receipt)
        said.append(work(stage, line, HERS))
        line.control("redeliver")
        said.append(work(stage, line, HERS))
        line.control("say", userId=HERS, text="หลักฐาน ๓")
        send(line, "file", PDF, fileName="ประกาศ.pdf")
        too_late = send(line, "image", PNG)
        line.control("unsend", messageId=too_late)
        said.append(work(stage, line, HERS))
        before = kept(stage)
        line.control("unsend", messageId=quoting)
        said.append(work(stage, line, HERS))
        statuses = [
            e["status"] for e in line.read("calls")["entries"] if e["endpoint"] == "content"
        ]

    assert "รับหลักฐาน (ภาพ) แล้ว รวม ๑ รายการ" in said[1]
    assert said[2] == said[4] == ""
    assert "รับหลักฐาน (ไฟล์) แล้ว รวม ๒ รายการ" in said[3]
    assert "LINE ไม่มีไฟล์นี้แล้ว จึงไม่ได้เก็บ" in said[3]
    assert statuses == [202, 200, 202, 200, 410]
    assert [each[1:] for each in before] == [
        ("image/jpeg", len(JPEG)),
        ("application/pdf", len(PDF)),
    ]
    names = [str(each[0]) for each in before]
    assert [each[0] for each in kept(stage)] == [None, names[1]]
    assert [stage.desk.files.read(each) for each in names] == [None, PDF]
