"""Wording of answers: joining, what is due, how far an agency is, help."""

from collections.abc import Mapping, Sequence
from datetime import date

from messages_th.cards import ASK_HELP, ASK_STATUS, ASK_WEEK
from messages_th.dates import format_day, format_short_day
from messages_th.digits import to_thai_digits
from messages_th.evidence import on_status
from messages_th.parts import Button, Say, Text
from messages_th.phrases import (
    NOTHING_SHOWN,
    REVIEWED,
    ROLES,
    STATES,
    activity_line,
    agency_label,
    deadline,
    duty_label,
    number_label,
    out_of,
    out_of_apart,
    shorten,
    state_label,
)
from messages_th.report_extras import figure_label, given
from store.types import AT_REST, ActivityFacts, Agency, Count, DutyFacts, DutyId, DutyState, Role

WHAT_IS_KEPT = (
    "ประกาศความเป็นส่วนตัว: บอตเก็บรหัสผู้ใช้ LINE ชื่อและตำแหน่งที่ท่านแจ้ง หน่วยงาน บทบาท รายงาน และหลักฐานที่ท่านส่ง"
    " เพื่อติดตามงาน ITA เท่านั้น เก็บจนกว่าท่านจะสั่งลบ คำสั่งที่พิมพ์ลบภายใน ๓ วัน ข้อความอื่นไม่เก็บ"
    " พิมพ์ “ลบข้อมูลของฉัน” ได้ทุกเมื่อ รายงานและหลักฐานยังคงเป็นของหน่วยงานโดยไม่ระบุตัวท่าน"
)
"""What is kept, why, how long, and how to have it deleted (PDPA)."""
WELCOME = Text(
    "สวัสดี บอตนี้ช่วยติดตามงาน ITA ของจังหวัด เริ่มโดยพิมพ์รหัส ๘ ตัวที่ได้จากผู้ประสานงานจังหวัด"
    " หรือพิมพ์ชื่อหน่วยงานของท่านเพื่อขอเข้าร่วม\n" + WHAT_IS_KEPT
)
WELCOME_BACK = Text("เปิดรับการแจ้งเตือนอีกครั้งแล้ว", choices=(ASK_WEEK, ASK_STATUS))
GREETING_GROUP = Text(
    "สวัสดี บอตติดตามงาน ITA พร้อมแล้ว ให้ผู้ประสานงานจังหวัดพิมพ์ “ผูกกลุ่ม” ตามด้วยรหัสกลุ่ม\n"
    "บอตตอบเฉพาะคำสั่งและปุ่มของบอต ไม่เก็บข้อความสนทนาในกลุ่ม"
)
HELP_MENU: tuple[Button, ...] = (ASK_WEEK, ASK_STATUS, Say("งานค้าง", "งานค้าง"))
HELP = (
    "พิมพ์หรือแตะได้เลย\n"
    "• สัปดาห์นี้มีอะไรต้องส่ง (หรือ วันนี้ เดือนนี้)\n"
    "• สถานะ · งานค้าง · ติดต่อผู้ประสานงาน\n"
    "• รายละเอียดข้อ ๑๑ · ประวัติข้อ ๑๑ · ดูหลักฐาน ๑๑"
)
HELP_REPORT = (
    "\n• เสร็จ ๑๑ หรือ เสร็จ ๓,๕\n"
    "• กำลังทำ ๑๑ · ติดปัญหา ๑๑ ตามด้วยเหตุผล\n"
    "• เสร็จ ๑๑ จำนวน ๔๕ ชุด หรือตามด้วยลิงก์\n"
    "• หลักฐาน ๑๑ แล้วส่งภาพหรือไฟล์\n"
    "• ยกเลิก ๑๑ · แก้ตัวเลข ๑๑ เป็น ๔๘ (ภายใน ๒๔ ชั่วโมง)"
)
HELP_NEWCOMER = Text(
    "ท่านยังไม่ได้ลงทะเบียน พิมพ์รหัส ๘ ตัวที่ได้จากผู้ประสานงานจังหวัด"
    " หรือพิมพ์ชื่อหน่วยงานของท่านเพื่อขอเข้าร่วม เช่น “ขอเข้าร่วม อบต.แม่แรม”"
    " หากต้องการลบข้อมูลที่บอตเก็บไว้ พิมพ์ “ลบข้อมูลของฉัน”"
)
HELP_AREA = "\n• ภาพรวม · ใครยังไม่ส่งข้อ ๑๑"
HELP_LEAVING = "\n• ส่งมอบงาน · ออกจากหน้าที่ · ลบข้อมูลของฉัน"
HELP_JOINED = "\n• ใครยังไม่ลงทะเบียน · ใครติดต่อไม่ได้"
HELP_PLAN = (
    "\nแผน: ส่งไฟล์หรือวางตารางในแชตนี้ หรือพิมพ์\n"
    "• เลื่อนข้อ ๑๗ เป็น ๒๐ มิถุนายน – ๔ กรกฎาคม ๒๕๖๗\n"
    "• ร่างแผน · ย้อนแผน · คัดลอกแผนปีหน้า"
)
HELP_APPROVAL = "\n• รออนุมัติ · อนุมัติ ๕ · ส่งกลับ ๕ ตามด้วยเหตุผล"
HELP_STUCK = "\n• ใครติดปัญหา · รออนุมัติ"
HELP_REVIEW = "\n• รอสอบทาน ๑๑ · สอบทาน ๑๑ อบต.แม่แรม"
HELP_COORDINATOR = (
    "\n• ตอบ ๑๑ อบต.แม่แรม ตามด้วยคำตอบ"
    "\n• เปิดใหม่ ๑๑ อบต.แม่แรม ตามด้วยเหตุผล"
    "\n• ข้อ ๑๑ ต้องมีหลักฐาน · ตั้งค่า"
    "\n• ออกรหัส · ใครขอเข้าร่วม · พ้นหน้าที่ อบต.แม่แรม"
)
NOT_UNDERSTOOD = Text("ขออภัย ไม่เข้าใจข้อความนี้ เลือกจากเมนูได้เลย", choices=(*HELP_MENU, ASK_HELP))


def help_text(
    *,
    reports: bool,
    sees_area: bool,
    approves: bool,
    changes_plan: bool,
    sees_stuck: bool,
    reviews: bool,
    answers: bool,
    sees_joined: bool = False,
    may_leave: bool = False,
) -> Text:
    """Return what can be asked for, with what only some roles may ask and do."""
    lines = (
        (HELP_REPORT, reports),
        (HELP_AREA, sees_area),
        (HELP_JOINED, sees_joined),
        (HELP_APPROVAL, approves),
        (HELP_STUCK, sees_stuck),
        (HELP_REVIEW, reviews),
        (HELP_COORDINATOR, answers),
        (HELP_PLAN, changes_plan),
        (HELP_LEAVING, may_leave),
    )
    return Text(HELP + "".join(line for line, is_shown in lines if is_shown), choices=HELP_MENU)


def consent_to_code(code: str) -> Text:
    """Show the privacy notice to who brings a code, with the button that says the same again."""
    return Text(
        f"ก่อนลงทะเบียน โปรดอ่าน\n{WHAT_IS_KEPT}\nหากยินยอม แตะปุ่มหรือพิมพ์รหัสอีกครั้ง รหัสยังใช้ได้",
        choices=(Say("ยินยอมและลงทะเบียน", f"ลงทะเบียน {code}"),),
    )


GIVE_NAME = "เพื่อให้ผู้ประสานงานรู้ว่าเป็นท่าน โปรดพิมพ์ “ชื่อของฉัน” ตามด้วยชื่อ นามสกุล และตำแหน่ง"


def registered(role: Role, place: str, *, asks_name: bool) -> Text:
    """Say for what the person is registered now; `place` names agency, district or province.

    Who came in by a code has given no name yet, and is asked for one.
    """
    text = f"✅ ลงทะเบียนแล้ว: {post_label(role, place)}"
    return Text(f"{text}\n{GIVE_NAME}" if asks_name else text, choices=(ASK_WEEK, ASK_STATUS))


def post_label(role: Role, place: str) -> str:
    """Return "ผู้รับผิดชอบของ ทต.แม่แรม"; `place` names agency, district or province."""
    return f"{ROLES[role]}ของ {place}"


def district_label(name: str) -> str:
    """Return "อ.แม่ริม"."""
    return f"อ.{name}"


def province_label(name: str) -> str:
    """Return "จังหวัดเชียงใหม่"."""
    return f"จังหวัด{name}"


def group_code(code: str, last: date) -> Text:
    """Give a coordinator the code that binds a group, good until the end of that day."""
    return Text(
        f"รหัสกลุ่ม {code} ใช้ได้ครั้งเดียวถึง {format_day(last)}\n"
        f"เชิญบอตเข้ากลุ่มคณะทำงาน แล้วพิมพ์ในกลุ่มว่า “ผูกกลุ่ม {code}”"
    )


def group_bound(province: str) -> Text:
    """Say in the group that it belongs to the province now."""
    return Text(
        f"✅ ผูกกลุ่มนี้กับ{province_label(province)}แล้ว ถามได้เลย เช่น “สัปดาห์นี้มีอะไรต้องส่ง”",
        choices=HELP_MENU,
    )


def due_title(period: str, agencies: Sequence[Agency], count: int) -> str:
    """Return the title of a card of what is to be done in a period ("สัปดาห์นี้")."""
    return f"{period} {whose(agencies)} {to_thai_digits(count)} รายการ"


def open_title(count: int) -> str:
    """Return the title of the card that greets who has just joined."""
    return f"มีรายการที่ต้องดำเนินการ {to_thai_digits(count)} รายการ"


def nothing_due(period: str, agencies: Sequence[Agency], following: DutyFacts | None) -> Text:
    """Say that a period asks nothing, and what comes next."""
    text = f"{period} {whose(agencies)} ไม่มีรายการที่ต้องส่ง"
    if following is not None and following.activity.window is not None:
        window = following.activity.window
        starts = format_short_day(window.first or window.last)
        text += f"\nรายการถัดไป: {activity_line(following.activity)} ({starts})"
    return Text(text, choices=(ASK_STATUS,))


def nothing_overdue(agencies: Sequence[Agency]) -> Text:
    """Say that nothing is late."""
    return Text(f"✅ {whose(agencies)} ไม่มีรายการเกินกำหนด", choices=(ASK_WEEK,))


def whose(agencies: Sequence[Agency]) -> str:
    """Return the name of one agency, or how many there are."""
    if len(agencies) == 1:
        return agency_label(agencies[0])
    return f"{to_thai_digits(len(agencies))} หน่วยงานของท่าน"


def status(
    agency: Agency,
    duties: Sequence[DutyFacts],
    today: date,
    pieces: Mapping[DutyId, int],
) -> str:
    """Return how far an agency is with its activities, and what is late or next.

    `pieces` tells how much evidence a duty has.
    """
    done = sum(duty.state is DutyState.DONE for duty in duties)
    not_needed = sum(duty.state is DutyState.NOT_NEEDED for duty in duties)
    count = Count(done, len(duties), not_needed)
    lines = [f"{agency_label(agency)}: เสร็จ {out_of_apart(count)} รายการ"]
    for state in (DutyState.DOING, DutyState.STUCK, DutyState.REPORTED, DutyState.RETURNED):
        labels = [duty_label(duty) for duty in duties if duty.state is state]
        if labels:
            lines.append(f"{STATES[state]}: {', '.join(labels)}")
    lines += _reported(duties)
    lines += on_status(duties, pieces)
    open_now = [
        duty
        for duty in duties
        if duty.state not in AT_REST
        and duty.activity.window is not None
        and (duty.activity.window.first or duty.activity.window.last) <= today
    ]
    lines += [
        f"• {activity_line(duty.activity)}: {deadline(duty.activity.window, today)}"
        for duty in open_now[:MOST_LINES]
    ]
    if len(open_now) > MOST_LINES:
        lines.append(f"และอีก {to_thai_digits(len(open_now) - MOST_LINES)} รายการ")
    return "\n".join(lines)


def _reported(duties: Sequence[DutyFacts]) -> list[str]:
    """Return the numbers that were reported, and what the district said in the agency's place."""
    figures = [f"{duty_label(duty)} {figure_label(duty.figure)}" for duty in duties if duty.figure]
    on_behalf = [
        duty_label(duty) for duty in duties if duty.is_on_behalf and duty.state not in NOTHING_SHOWN
    ]
    reviewed = [duty_label(duty) for duty in duties if duty.is_reviewed]
    heads = ("ตัวเลขที่รายงาน", figures), ("อำเภอรายงานแทน", on_behalf), (REVIEWED, reviewed)
    return [f"{head}: {', '.join(labels)}" for head, labels in heads if labels]


def own_part(duties: Sequence[DutyFacts], *, with_links: bool) -> str:
    """Return how the asker's own part of an activity stands, where something was reported."""
    return "\n".join(
        " · ".join(
            each
            for each in (
                f"{agency_label(duty.agency)} {duty_label(duty)}: {state_label(duty)}",
                given(duty, with_link=with_links),
            )
            if each
        )
        for duty in [each for each in duties if each.state not in NOTHING_SHOWN][:MOST_OWN]
    )


MOST_OWN = 5
"""With their links they fill half of a message."""
MOST_LINES = 6
OVERDUE = "เกินกำหนด"
YOUR_PART = "ส่วนของ"


def which_agency(text: str, names: Sequence[str]) -> Text:
    """Ask which agency a name means; nothing is taken for sure."""
    if not names:
        return Text(f"ไม่พบหน่วยงาน “{shorten(text)}” ในพื้นที่ของท่าน")
    return Text(
        f"“{shorten(text)}” หมายถึงหน่วยงานใด",
        choices=tuple(Say(shorten(name, 20), f"สถานะ {name}") for name in names),
    )


def activity_details(
    activity: ActivityFacts, window_text: str, responsible_text: str, count: Count, today: date
) -> str:
    """Return an activity as the plan prints it, with how it stands today."""
    return (
        f"{number_label(activity.number)} {activity.title}\n"
        f"ระยะเวลา: {window_text or '-'} · {deadline(activity.window, today)}\n"
        f"ผู้รับผิดชอบ: {responsible_text or '-'}\n"
        f"เสร็จแล้ว {out_of_apart(count)}"
    )


def area_status(
    area: str, lines: Sequence[tuple[ActivityFacts, Count]], joined: Count, today: date
) -> Text:
    """Return how far a district or province is with what has begun, the last ended first."""
    rows = [
        f"• {number_label(activity.number)} {shorten(activity.title, 40)}: {out_of(count)}"
        f" · {deadline(activity.window, today)}"
        for activity, count in lines
    ]
    body = "\n".join(rows) if rows else "ยังไม่มีกิจกรรมที่เริ่มแล้ว"
    return Text(f"ภาพรวม{area} (เสร็จ/ทั้งหมด)\n{body}\nลงทะเบียนกับบอตแล้ว {out_of(joined)} หน่วยงาน")


def who_is_late(
    activity: ActivityFacts, count: Count, duties: Sequence[DutyFacts], *, names: bool
) -> Text:
    """Return who has not reported on an activity, by district; without names only how many.

    In a group a list of 200 names would bury everything else: there the numbers must do.
    """
    lines = [f"{activity_line(activity)}\nเสร็จ {out_of_apart(count)} ยังไม่เสร็จ {_bodies(duties)}"]
    by_district: dict[str, list[str]] = {}
    for duty in duties:
        by_district.setdefault(duty.agency.district, []).append(agency_label(duty.agency))
    places = {place: list(dict.fromkeys(found)) for place, found in by_district.items()}
    if names:
        lines += [f"• {_place(place)}: {_some(found)}" for place, found in places.items()]
    elif places:
        lines.append(
            ", ".join(
                f"{_place(place)} {to_thai_digits(len(each))}" for place, each in places.items()
            )
        )
        lines.append("รายชื่อ: ถามในแชตส่วนตัวกับบอต")
    return Text("\n".join(lines))


def _place(district: str) -> str:
    return district_label(district) if district else "ระดับจังหวัด"


def _some(names: Sequence[str]) -> str:
    left = len(names) - MOST_NAMES
    more = f" และอีก {to_thai_digits(left)}" if left > 0 else ""
    return f"({to_thai_digits(len(names))}) {', '.join(names[:MOST_NAMES])}{more}"


MOST_NAMES = 5


def _bodies(duties: Sequence[DutyFacts]) -> str:
    return f"{to_thai_digits(len({duty.agency.agency_id for duty in duties}))} แห่ง"


def nobody_late(area: str) -> Text:
    """Say that nothing is overdue in a district or province."""
    return Text(f"{area}ไม่มีรายการเลยกำหนด")


def contact(province: str, office: str) -> Text:
    """Say whom to turn to; no person is named."""
    return Text(f"ผู้ประสานงาน ITA จังหวัด{province}: {office} ถามในกลุ่มคณะทำงานหรือติดต่อสำนักงานโดยตรง")
