"""One person's chat with the bot through the stand-in for LINE, worked in this very process."""

from datetime import datetime

from bot import inbox, outbox
from bot.clock import bangkok_date
from bot.line_in import split_batch
from bot.line_out import LineClient
from handlers.holiday_calendar import working_calendar
from store.database import transaction
from tests.bot.emulator_stage import TOKEN
from tests.bot.emulator_stage import Stage as LineStage
from tests.bot.queue_rows import keep_events
from tests.stage import Stage

NINE = "2024-01-03T09:00:00+07:00"


def work(stage: Stage, line: LineStage, who: str) -> str:
    """Let the bot answer what it has heard; return what that person's chat shows of it."""
    client = LineClient(TOKEN, line.stand_in.url)
    now = datetime.fromisoformat(line.read("state")["now"])
    for heard in line.bot.heard:
        events, _ = split_batch(heard.raw, received_at=now)
        with transaction(stage.engine) as session:
            keep_events(session, events)
    line.bot.heard.clear()
    before = len(line.read(f"transcript?chat={who}"))
    while inbox.answer_next(stage.engine, client, now=now, desk=stage.desk):
        pass
    calendar = working_calendar(bangkok_date(now))
    while outbox.send_next(stage.engine, client, calendar, now=now, desk=stage.desk):
        pass
    return "\n".join(each["text"] for each in line.read(f"transcript?chat={who}")[before:])
