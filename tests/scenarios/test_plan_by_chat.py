"""A plan's file sent in the chat of the stand-in: signed bytes, the content call, real buttons."""

import base64

from tests.bot.emulator_stage import Stage as LineStage
from tests.bot.emulator_stage import fresh, open_stage
from tests.conftest import SAMPLES
from tests.scenarios.one_chat import NINE, work
from tests.stage import Stage, user_id

HER = user_id("สมศรี")
ONWARD = ("ถูกต้องตามที่อ่าน", "ถูกต้องทั้งหน้า", "ตอบข้อสงสัย", "ยืนยัน")


def quick_replies(line: LineStage) -> list[str]:
    """Return the labels under the newest message of her chat."""
    return [each["label"] for each in line.read(f"transcript?chat={HER}")[-1]["quickReplies"]]


def test_a_file_sent_in_the_chat_is_shown_and_confirmed_by_taps(stage: Stage) -> None:
    stage.coordinator("สมศรี")
    plan = (
        (SAMPLES / "chiangmai-2567.txt")
        .read_text("utf-8")
        .replace("๖ - ๑๘ มิถุนายน", "๗ - ๑๙ มิถุนายน")
    )
    content = base64.b64encode(plan.encode()).decode()

    with open_stage() as whole:
        line = fresh(whole)
        line.control("clock", now=NINE)
        line.person("สมศรี", userId=HER)
        line.control("options", content_pending_calls=1)
        line.control("send", userId=HER, kind="file", fileName="แผน.txt", contentBase64=content)
        shown = [work(stage, line, HER)]
        while label := next((each for each in ONWARD if each in quick_replies(line)), ""):
            line.control("tap", userId=HER, label=label)
            shown.append(work(stage, line, HER))
        fetches = [each for each in line.read("calls")["entries"] if each["endpoint"] == "content"]

    assert "๖ – ๑๘ มิถุนายน ๒๕๖๗ → ๗ – ๑๙ มิถุนายน ๒๕๖๗" in shown[0]
    assert "ฉบับที่ ๒ แล้ว" in shown[-1]
    assert [each["status"] for each in fetches] == [202, 200]
