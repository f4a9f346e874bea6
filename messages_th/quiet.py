"""Wording of reminders that are put off: by an officer's own date, or by a coordinator."""

from datetime import date
from enum import StrEnum

from messages_th.dates import format_day, format_short_day
from messages_th.digits import to_thai_digits
from messages_th.parts import Say, Text
from messages_th.phrases import agency_label, duty_label, number_label, shorten
from store.types import Agency, DutyFacts

ONLY_OFFICERS = Text("การขอเลื่อนเตือนทำได้โดยผู้รับผิดชอบของหน่วยงาน บทบาทของท่านในบอตขอเลื่อนไม่ได้")
ALL = "ทั้งจังหวัด"
RESUME_ALL = Say("เตือนต่อทั้งหมด", "เตือนต่อทั้งหมด")


def promised(duty: DutyFacts, until: date, again_on: date, receipt: str) -> str:
    """Say until when a duty is not reminded of, and what follows."""
    return (
        f"🤝 เลื่อนเตือน {agency_label(duty.agency)} {duty_label(duty)} ถึง{_day(until)}"
        f" หากพ้นวันนั้นยังไม่รายงาน บอตจะเตือนอีกครั้ง {format_short_day(again_on)}\n{receipt}"
    )


def promise_refused(duty: DutyFacts, why: StrEnum, latest: date | None, days: int) -> Text:
    """Say why a duty's reminders are not put off, and which day would do."""
    label = f"{agency_label(duty.agency)} {duty_label(duty)}"
    if latest is not None:
        would_do = f"ขอเลื่อนเตือน{number_label(duty.activity.number)} ถึง {format_day(latest)}"
        because = {
            "not_ahead": "ต้องเป็นวันหลังจากวันนี้",
            "too_late": f"เลื่อนได้ไม่เกิน {to_thai_digits(days)} วันหลังครบกำหนด",
        }[why]
        return Text(
            f"ยังไม่ได้เลื่อนเตือน {label}: {because} ช้าที่สุดคือ{_day(latest)}",
            choices=(Say(shorten(f"ถึง {format_short_day(latest)}", 20), would_do),),
        )
    because = {
        "over": f"เกินกำหนดมาแล้วกว่า {to_thai_digits(days)} วัน จึงเลื่อนต่อไม่ได้ โปรดแจ้งผู้ประสานงานจังหวัด",
        "no_window": "ไม่ได้กำหนดเวลา จึงไม่มีการเตือน",
        "nothing_to_do": "รายงานแล้ว จึงไม่มีการเตือน",
    }[why]
    return Text(f"ยังไม่ได้เลื่อนเตือน {label}: {because}")


def ask_until(number: str) -> Text:
    """Ask until which day."""
    label = number_label(number)
    return Text(f"โปรดระบุวันที่ เช่น “ขอเลื่อนเตือน{label} ถึง ๒๐ มกราคม”")


def ask_mute(agency: Agency | None) -> Text:
    """Ask for the end and the reason, which both have to be given."""
    what = "พักการเตือนทั้งหมด" if agency is None else f"งดเตือน {agency_label(agency)}"
    return Text(f"โปรดระบุทั้งวันสิ้นสุดและเหตุผล เช่น “{what} ถึง ๓๑ มกราคม เพราะน้ำท่วม”")


def quiet(agency: Agency | None, until: date, receipt: str) -> Text:
    """Say who is not reminded until when."""
    who = ALL if agency is None else f" {agency_label(agency)} "
    return Text(
        f"🔕 พักการเตือน{who}ถึง{_day(until)} แล้วเตือนต่อเอง\n{receipt}",
        choices=(resume_button(agency),),
    )


def quiet_refused(agency: Agency | None, why: StrEnum, latest: date | None, days: int) -> Text:
    """Say why nobody is left without reminders that long, and how long would do."""
    who = ALL if agency is None else agency_label(agency)
    because = "วันสิ้นสุดต้องเป็นวันหลังจากวันนี้"
    if why == "too_late":
        because = f"พักได้ไม่เกิน {to_thai_digits(days)} วัน"
    end = "" if latest is None else f" ช้าที่สุดคือ{_day(latest)}"
    return Text(f"ยังไม่ได้พักการเตือน {who}: {because}{end}")


def resumed(agency: Agency | None, receipt: str) -> Text:
    """Say that reminders go on; without a receipt that they were never put off."""
    who = ALL if agency is None else agency_label(agency)
    if not receipt:
        return Text(f"{who} ไม่ได้พักการเตือนอยู่ จึงไม่มีอะไรเปลี่ยน")
    return Text(f"🔔 เตือน {who} ต่อแล้ว\n{receipt}")


def resume_button(agency: Agency | None) -> Say:
    """Return the tap that lets reminders go on."""
    if agency is None:
        return RESUME_ALL
    return Say("เตือนต่อ", f"เตือนต่อ {agency_label(agency)}")


def in_force(agency: Agency | None, until: date, reason: str) -> str:
    """Return a line on what is quiet: "🔕 อบต.แม่แรม ถึง ๓๑ ม.ค. ๖๗ เพราะ น้ำท่วม"."""
    who = ALL if agency is None else agency_label(agency)
    return f"🔕 {who} ถึง {format_short_day(until)} เพราะ{shorten(reason)}"


def _day(day: date) -> str:
    return f"วันที่ {format_day(day)}"
