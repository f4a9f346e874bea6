"""The whole loop on both databases: join, be reminded, report, be left alone."""

from messages_th import demo_words as words
from store.types import Role
from tests.stage import Stage, unnumbered


def test_who_reports_is_acknowledged_once_and_reminded_no_more(stage: Stage) -> None:
    stage.coordinator("นก")
    group = stage.bound_group("นก")
    for name, agency in words.OFFICERS.items():
        stage.join(name, stage.code(Role.OFFICER, agency))

    opened = stage.tick()
    acknowledged = [stage.say(words.EARLY, "เสร็จ ๓", group) for _ in range(2)]
    stage.at("2024-01-31T08:30")
    last_day = stage.tick()
    again = stage.tick()

    assert len(opened) == 4
    assert [unnumbered(each) for each in acknowledged] == [
        ["✅ ทต.แม่แรม ข้อ ๓ เสร็จสิ้น (๑/๒๑๒)"],
        ["ทต.แม่แรม ข้อ ๓ แจ้งเสร็จสิ้นไว้แล้ว"],
    ]
    reminders = [text for _, text in last_day if words.LAST_DAY in text.splitlines()[0]]
    assert len(reminders) == 4
    assert sum(words.NUMBER_THREE in text for text in reminders) == 3
    assert again == []
