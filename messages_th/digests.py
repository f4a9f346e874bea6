"""Wording of the coordinators' Monday digest: exceptions first, short enough to be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from messages_th.answers import MOST_NAMES
from messages_th.cards import LONGEST_LABEL
from messages_th.dates import format_short_day, format_weekday_day
from messages_th.digits import to_thai_digits
from messages_th.parts import Say, Text
from messages_th.phrases import (
    BY_DISTRICT,
    activity_line,
    agency_label,
    deadline,
    duty_label,
    number_label,
    out_of,
    out_of_apart,
    shorten,
)
from messages_th.record import seal_line
from store.types import ActivityFacts, Agency, Count, DutyFacts, Seal

MOST_STUCK = 8
MOST_ACTIVITIES = 5


@dataclass(frozen=True, slots=True)
class ActivityProgress:
    """An activity with how many are done, and who is not, the reachable ones first."""

    activity: ActivityFacts
    count: Count
    unfinished: tuple[Agency, ...]


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """All that a week's digest of one province says; `joined` counts registered agencies."""

    province: str
    overdue: tuple[ActivityProgress, ...]
    stuck: tuple[DutyFacts, ...]
    ending: tuple[ActivityProgress, ...]
    opening: tuple[ActivityFacts, ...]
    waiting: int
    """How many reports wait for an executive, the longest since `waiting_since`."""
    waiting_since: date | None
    running: tuple[ActivityProgress, ...]
    joined: Count
    seal: Seal


def digest(facts: DigestFacts, today: date) -> Text:
    """Return the digest as of that Bangkok date."""
    sections = [
        _progress("❗ เกินกำหนด", facts.overdue, today),
        _stuck(facts.stuck),
        _waiting(facts.waiting, facts.waiting_since),
        _progress("⏰ ครบกำหนดสัปดาห์นี้", facts.ending, today),
        _opening(facts.opening, today),
        _running(facts.running, today),
    ]
    said = [section for section in sections if section]
    head = f"📋 สรุป ITA จังหวัด{facts.province} {format_weekday_day(today)}"
    foot = f"👥 ลงทะเบียนกับบอตแล้ว {out_of(facts.joined)} หน่วยงาน\n{seal_line(facts.seal)}"
    exceptions = (*facts.overdue, *facts.stuck, *facts.ending)
    calm = [] if exceptions else ["✅ ไม่มีรายการเกินกำหนด ติดปัญหา หรือครบกำหนดสัปดาห์นี้"]
    late = [item.activity.number for item in (*facts.overdue, *facts.ending)]
    return Text(
        "\n\n".join([head, *calm, *said, foot]),
        choices=(
            *(
                Say(
                    shorten(f"ใครยังไม่ส่ง {number_label(number)}", LONGEST_LABEL),
                    f"ใครยังไม่ส่ง {number_label(number)}",
                )
                for number in late[:3]
            ),
            Say("ภาพรวม", "ภาพรวม"),
        ),
    )


def _progress(title: str, items: Sequence[ActivityProgress], today: date) -> str:
    if not items:
        return ""
    lines = [title]
    for item in items[:MOST_ACTIVITIES]:
        lines.append(f"• {activity_line(item.activity)}")
        lines.append(f"  {deadline(item.activity.window, today)} · เสร็จ {out_of_apart(item.count)}")
        lines.append(f"  ยังไม่เสร็จ: {_names(item.unfinished)}")
    if len(items) > MOST_ACTIVITIES:
        lines.append(f"และอีก {to_thai_digits(len(items) - MOST_ACTIVITIES)} ข้อ")
    return "\n".join(lines)


def _stuck(duties: Sequence[DutyFacts]) -> str:
    if not duties:
        return ""
    lines = [f"⚠️ ติดปัญหา {to_thai_digits(len(duties))} รายการ"]
    lines += [
        f"• {agency_label(duty.agency)} {duty_label(duty)}: {shorten(duty.reason)}"
        f"{f' {BY_DISTRICT}' if duty.is_on_behalf else ''}"
        for duty in duties[:MOST_STUCK]
    ]
    if len(duties) > MOST_STUCK:
        lines.append(f"และอีก {to_thai_digits(len(duties) - MOST_STUCK)} รายการ")
    return "\n".join(lines)


def _waiting(count: int, since: date | None) -> str:
    if since is None:
        return ""
    return f"📨 รออนุมัติ {to_thai_digits(count)} รายการ นานสุดตั้งแต่ {format_short_day(since)}"


def _opening(activities: Sequence[ActivityFacts], today: date) -> str:
    if not activities:
        return ""
    lines = ["📅 เริ่มสัปดาห์นี้"]
    lines += [
        f"• {activity_line(activity)}: {deadline(activity.window, today)}"
        for activity in activities[:MOST_ACTIVITIES]
    ]
    return "\n".join(lines)


def _running(items: Sequence[ActivityProgress], today: date) -> str:
    if not items:
        return ""
    lines = ["▶️ อยู่ระหว่างดำเนินการ"]
    lines += [
        f"• {number_label(item.activity.number)} {shorten(item.activity.title, 30)}:"
        f" เสร็จ {out_of(item.count)} · {deadline(item.activity.window, today)}"
        for item in items[:MOST_ACTIVITIES]
    ]
    return "\n".join(lines)


def _names(agencies: Sequence[Agency]) -> str:
    shown = ", ".join(agency_label(agency) for agency in agencies[:MOST_NAMES])
    left = len(agencies) - MOST_NAMES
    return f"{shown} และอีก {to_thai_digits(left)} แห่ง" if left > 0 else shown
