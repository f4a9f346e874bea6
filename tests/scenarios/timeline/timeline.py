"""A timeline: days pass, people act, and every reminder that comes is written down.

At 08:30 of each day, days off too, the worker does a round, but for the time that the service is
asleep.  Digests are left out: they have tests of their own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.clock import BANGKOK, bangkok_date, read_instant
from handlers import reminders
from handlers.holiday_calendar import working_calendar
from store import workers
from store.database import transaction
from store.types import Window
from tests.factories import make_draft, replan
from tests.stage import Stage, plain, user_id

MORNING = "08:30"
PEOPLE = ("นภา", "วิชัย", "สมศรี", "ดา", "มานี")
NO_REMINDERS = ("📋", "🔁")

Act = Callable[[Stage], None]


@dataclass(frozen=True)
class Timeline:
    """A window of activity 3, what people do when (ISO times of 2024), and all that then comes.

    `asleep` are the first and the last moment without the service.  What is expected says when, to
    whom, and how the card begins: "01-31 08:30 นภา ⏰ วันนี้วันสุดท้าย · วันนี้วันสุดท้าย".
    """

    days: tuple[str, str]
    window: tuple[str | None, str]
    acts: Mapping[str, tuple[Act, ...]] = field(default_factory=dict)
    asleep: tuple[str, str] | None = None
    expected: tuple[str, ...] = ()


def says(who: str, text: str, answer: str = "") -> Act:
    """Let somebody write in 1:1; the bot's answer must hold that text."""

    def act(stage: Stage) -> None:
        said = stage.say(who, text)
        assert answer in "\n".join(said), said

    return act


def moved(first: str | None, last: str) -> Act:
    """Let the plan be put in force with another window."""
    draft = make_draft("3", window=_window(first, last))
    return lambda stage: replan(stage, draft)


def only_planned(stage: Stage) -> None:
    """Let the planner ring, and nobody send."""
    with transaction(stage.engine) as session:
        workers.ring(session, reminders.PLANNING, at=stage.now, every=reminders.PLANNED_EVERY)
        reminders.plan_reminders(
            session, now=stage.now, calendar=working_calendar(bangkok_date(stage.now))
        )


def sends(stage: Stage) -> None:
    """Let the worker send what waits."""
    stage.work()


def works(stage: Stage) -> None:
    """Let the worker do a whole round."""
    stage.tick()


def play(stage: Stage, told: Timeline) -> list[str]:
    """Let the days pass; return every reminder that was pushed."""
    stage.at(f"2024-{told.days[0]}T08:00")
    replan(stage, make_draft("3", window=_window(*told.window)))
    stage.say("วิชัย", "เสร็จ ๓")
    came: list[str] = []
    for at, acts in _moments(told):
        stage.now = at.astimezone(stage.now.tzinfo)
        before = len(stage.line.sent)
        for act in acts:
            act(stage)
        for how, to, messages in stage.line.sent[before:]:
            if how == "push":
                came += [_line(at, to, text) for text in map(plain, messages) if _is_meant(text)]
    return came


def _moments(told: Timeline) -> list[tuple[datetime, tuple[Act, ...]]]:
    day, last = (date.fromisoformat(f"2024-{each}") for each in told.days)
    moments: dict[datetime, tuple[Act, ...]] = {}
    while day <= last:
        at = _at(f"{day:%m-%d}T{MORNING}")
        if told.asleep is None or not _at(told.asleep[0]) <= at <= _at(told.asleep[1]):
            moments[at] = (works,)
        day += timedelta(days=1)
    for clock, acts in told.acts.items():
        moments[_at(clock)] = acts
    return sorted(moments.items())


def _at(clock: str) -> datetime:
    return read_instant(f"2024-{clock}").astimezone(BANGKOK)


def _window(first: str | None, last: str) -> Window:
    day = date.fromisoformat(f"2024-{last}")
    return Window(None if first is None else date.fromisoformat(f"2024-{first}"), day)


def _is_meant(text: str) -> bool:
    return not text.startswith(NO_REMINDERS)


def _line(at: datetime, to: str, text: str) -> str:
    who = next((each for each in PEOPLE if user_id(each) == to), to)
    lines = text.splitlines()
    headline = lines[0].split(" · ")[0]
    deadline = lines[2].split(" (")[0] if len(lines) > 2 else ""
    return f"{at:%m-%d %H:%M} {who} {headline} · {deadline}".removesuffix(" · ")
