"""Commands of the bot, and the wordings that are a command beyond doubt.  Pure.

`exact` is what a group may use: the whole message must be a command, as officers chat about
the same things there.  `messages_th.words` prepares the text and knows the looser wordings.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from messages_th.item_numbers import ITEM, NUMBERS, is_counted, read_numbers
from messages_th.names import full_name, kind_of
from messages_th.provinces import province
from messages_th.report_extras import taken_out
from store.types import DutyState, ReminderSetting, Role


class Command(StrEnum):
    """What a message asks of the bot (คำสั่ง)."""

    DUE = "due"
    """What has to be done, in a period if one is said"""
    OVERDUE = "overdue"
    MY_STATUS = "my_status"
    """How far the asker's agency is, or the one named"""
    AREA_STATUS = "area_status"
    """How far the district or province is (ภาพรวม)"""
    WHO_IS_LATE = "who_is_late"
    REPORT = "report"
    """รายงานผล: done, doing, stuck or not needed"""
    ACTIVITY = "activity"
    """What is in an activity of the plan"""
    REGISTER = "register"
    APPROVE = "approve"
    """The executive's yes (อนุมัติ ๑๑); without numbers, what waits for it"""
    RETURN = "return"
    """The executive's no, with a reason (ส่งกลับ ๑๑)"""
    UNDO = "undo"
    """Takes back what was reported"""
    CONTACT = "contact"
    HELP = "help"
    HISTORY = "history"
    """Who did what when (ประวัติ): of an activity, an agency, or all that the asker sees"""
    MOVE_ACTIVITY = "move_activity"
    """เลื่อนข้อ ๑๗ เป็น ...: another window"""
    EDIT_ACTIVITY = "edit_activity"
    """Another owner, title or number, or the activity taken out"""
    UNDO_PLAN = "undo_plan"
    """ย้อนแผน: the version before comes back"""
    COPY_PLAN = "copy_plan"
    """คัดลอกแผน to the next fiscal year"""
    PLAN_DRAFT = "plan_draft"
    """ร่างแผน: what waits to be confirmed"""
    PLAN_DOUBTS = "plan_doubts"
    CONFIRM_PLAN = "confirm_plan"
    CANCEL_PLAN = "cancel_plan"
    INVITE = "invite"
    """ออกรหัส: a one-time code for an agency or a district"""
    INVITE_ALL = "invite_all"
    """ออกรหัสทุกหน่วยงาน: a list of codes for all that have nobody yet"""
    JOIN = "join"
    """ขอเข้าร่วม: to be let in for an agency, without a code"""
    MY_NAME = "my_name"
    """ชื่อของฉัน: what coordinators are to know one by, who came in by a code"""
    JOIN_REQUESTS = "join_requests"
    """ใครขอเข้าร่วม: who waits to be let in"""
    HAND_OVER = "hand_over"
    """ส่งมอบงาน: a code that carries a post to its successor"""
    LEAVE_POST = "leave_post"
    RELIEVE = "relieve"
    """พ้นหน้าที่: a coordinator ends somebody's post"""
    ERASE_ME = "erase_me"
    """ลบข้อมูลของฉัน"""
    WHO_HAS_JOINED = "who_has_joined"
    """Which agencies have not joined (ใครยังไม่ลงทะเบียน), or cannot be reached (ติดต่อไม่ได้)"""

    CORRECT_FIGURE = "correct_figure"
    """แก้ตัวเลข ๑๑ เป็น ๔๘"""
    REVIEW = "review"
    """สอบทาน ๑๑ อบต.แม่แรม"""
    REVIEWS_DUE = "reviews_due"
    """รอสอบทาน: what is done and not reviewed"""
    REOPEN = "reopen"
    """เปิดใหม่ ๑๑ อบต.แม่แรม, with the reason"""
    ANSWER_STUCK = "answer_stuck"
    """ตอบ ๑๑ อบต.แม่แรม, with the answer"""
    WHO_IS_STUCK = "who_is_stuck"
    """ใครติดปัญหา"""
    SETTINGS = "settings"
    """ตั้งค่า: what the province decides for itself; `text` is what is to be so"""
    REMINDER_SETTINGS = "reminder_settings"
    """ตั้งค่าการเตือน: when the province reminds"""
    HOLIDAYS = "holidays"
    """วันหยุด: which come, one more or one less"""
    PROMISE = "promise"
    """ขอเลื่อนเตือน: an officer's own date"""
    QUIET = "quiet"
    """งดเตือน an agency, or พักการเตือนทั้งหมด where none is named"""
    RESUME = "resume"
    """เตือนต่อ"""
    WHY_REMINDED = "why_reminded"
    WHY_NOT_REMINDED = "why_not_reminded"

    GIVE_EVIDENCE = "give_evidence"
    """หลักฐาน ๑๑: the next photo or file is for it, or a link is given"""
    SHOW_EVIDENCE = "show_evidence"
    REQUIRE_EVIDENCE = "require_evidence"
    """ข้อ ๑๑ ต้องมีหลักฐาน: it is done only with something to show for it"""
    REQUIRE_NO_EVIDENCE = "require_no_evidence"


class PlanField(StrEnum):
    """What of an activity a coordinator changes."""

    WINDOW = "window"
    LAST_DAY = "last_day"
    """The window's end alone (ขยายเวลา)"""
    RESPONSIBLE = "responsible"
    TITLE = "title"
    NUMBER = "number"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Understood:
    """What a message was taken for.

    `period` is today, tomorrow, week, next_week, month, next_month or a month's number
    ("1".."12"); `activities` are Arabic numbers as printed ("11", "7.1") and empty where none
    was said or none could be read, so that the answer must ask; `step` counts from 1; `agency`
    is text for `names.resolve`; `district` a name without the word; `state` and `reason`
    belong to a report, as do `figure` and `link` (`messages_th.report_extras`); `field` and `text`
    to a change of the plan (for a copy, `text` is the fiscal year, "" for the next one; for
    evidence the link as it was written); `code` is "ABCD-EFGH", None when it has to be asked for;
    `role` is the one that a code or a request to join is for.
    `row` is the id of a post or person that a button named, and `confirms` whether it was for sure.
    `setting` says of which number of the reminders `text` is the new value; of what is quiet,
    `text` is until when.
    """

    command: Command
    period: str | None = None
    activities: tuple[str, ...] = ()
    agency: str | None = None
    state: DutyState | None = None
    reason: str = ""
    code: str | None = None
    step: int | None = None
    district: str | None = None
    field: PlanField | None = None
    text: str = ""
    figure: str | None = ""
    link: str = ""
    role: Role | None = None
    row: int | None = None
    confirms: bool = False
    setting: ReminderSetting | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message made ready: `plain` is `shown` with Arabic digits, letter by letter."""

    shown: str
    plain: str

    @property
    def solid(self) -> str:
        """The plain text without its spaces, in small letters."""
        return self.plain.replace(" ", "").casefold()


MONTHS: Mapping[str, str] = {
    r"มกรา(?:คม)?|ม\.ค\.?": "1",
    r"กุมภา(?:พันธ์)?|ก\.พ\.?": "2",
    r"มีนา(?:คม)?(?!ย)|มี\.ค\.?": "3",
    r"เมษา(?:ยน)?|เม\.ย\.?": "4",
    r"พฤษภา(?:คม)?|พ\.ค\.?": "5",
    r"มิถุนา(?:ยน)?|มิ\.ย\.?": "6",
    r"กรกฎา(?:คม)?|ก\.ค\.?": "7",
    r"สิงหา(?:คม)?|ส\.ค\.?": "8",
    r"กันยา(?:ยน)?|ก\.ย\.?": "9",
    r"ตุลา(?:คม)?|ต\.ค\.?": "10",
    r"พฤศจิกา(?:ยน)?|พ\.ย\.?": "11",
    r"ธันวา(?:คม)?|ธ\.ค\.?": "12",
}
_PERIODS: Mapping[str, str] = {
    r"(?:ใน|ภายใน)?วันนี้": "today",
    r"(?:ใน)?(?:วัน)?พรุ่งนี้": "tomorrow",
    r"(?:ใน|ภายใน)?(?:สัปดาห์|(?<!วัน)อาทิตย์)นี้": "week",
    r"(?:ใน|ภายใน)?(?:สัปดาห์|(?<!วัน)อาทิตย์)(?:ถัดไป|หน้า)": "next_week",
    r"(?:ใน|ภายใน)?เดือนนี้": "month",
    r"(?:ใน|ภายใน)?เดือน(?:ถัดไป|หน้า)": "next_month",
    **{rf"(?:ใน|ภายใน)?(?:เดือน)?(?:{name})": number for name, number in MONTHS.items()},
    **{rf"(?:ใน|ภายใน)?เดือน(?:ที่)?0?{number}(?!\d)": str(number) for number in range(1, 13)},
}
_PERIOD = "(?:" + "|".join(_PERIODS) + ")"
ANY_PERIOD = re.compile(_PERIOD)

_WHAT = (
    r"(?:มี(?:งาน|รายการ)?อะไร(?:บ้าง)?(?:ที่)?ต้อง(?:ส่ง|รายงาน)|(?:ต้อง)?(?:ส่ง|รายงาน)(?:งาน)?อะไร"
    r"|มีอะไร(?:ครบ)?กำหนดส่ง|มีกำหนดส่งอะไร|มีอะไรส่ง)(?:บ้าง)?"
)
_WHO = r"(?:ใคร|(?:หน่วยงาน|อปท\.?|อบต\.?|ทต\.?|เทศบาล|อำเภอ|แห่ง|ที่)(?:ไหน|ใด))(?:บ้าง)?(?:ที่)?"
_PHRASES: tuple[tuple[str, Understood], ...] = (
    (r"(?:รายการ)?งานค้าง(?:ส่ง)?(?:มีอะไร)?(?:บ้าง)?", Understood(Command.OVERDUE)),
    (r"มีงานค้าง(?:ส่ง)?อะไร(?:บ้าง)?", Understood(Command.OVERDUE)),
    (
        r"(?:(?:มี)?(?:งาน|อะไร|รายการ)(?:ที่)?(?:เลย|เกิน)กำหนด(?:ส่ง)?|(?:เลย|เกิน)กำหนดมี(?:งาน)?อะไร)(?:บ้าง)?",
        Understood(Command.OVERDUE),
    ),
    (
        r"สถานะ(?:งาน)?(?:ของ)?(?:ฉัน|ผม|ดิฉัน|(?:หน่วยงาน)?เรา|หน่วยงาน(?:ของ)?(?:ฉัน|เรา)?)?",
        Understood(Command.MY_STATUS),
    ),
    (
        r"(?:สรุป)?ภาพรวม(?:(?:ทั้ง|ของ)?(?:จังหวัด|อำเภอ))?|สถานะ(?:ทั้ง|ของ)?(?:จังหวัด|อำเภอ)",
        Understood(Command.AREA_STATUS),
    ),
    (_WHO + r"ยังไม่(?:ได้)?(?:ส่ง|รายงาน)(?:บ้าง)?", Understood(Command.WHO_IS_LATE)),
    (r"(?:ขอ)?(?:ติดต่อ|เบอร์)(?:ของ)?ผู้ประสานงาน(?:จังหวัด)?", Understood(Command.CONTACT)),
    (r"ช่วยเหลือ|help|เมนู|menu|วิธีใช้(?:งาน)?(?:บอท)?", Understood(Command.HELP)),
)

_DONE = r"เสร็จ(?:แล้ว|สิ้น(?:แล้ว)?|เรียบร้อย(?:แล้ว)?)?"
_DOING = r"กำลัง(?:ทำ|ดำเนินการ)(?:อยู่)?"
_STUCK = r"ติดปัญหา"
_NOT_NEEDED = r"ไม่ต้องดำเนินการ"
STEP = r"(?:\s*ขั้น(?:ตอน)?ที่\s*(?P<step>[1-9]\d?)(?!\d))?"
_REPORT = re.compile(
    rf"(?P<sure>ยืนยัน\s*)?(?:(?P<done>{_DONE})|(?P<doing>{_DOING})|(?P<stuck>{_STUCK})"
    rf"|(?P<not_needed>{_NOT_NEEDED})"
    rf"|(?P<undo>ยกเลิก(?:รายงาน|ผล|เสร็จ)?))\s*(?P<numbers>{NUMBERS}){STEP}(?P<rest>.*)"
)
AGENCY_BEFORE_REASON = re.compile(
    r"(คณะทำงาน ITA จังหวัด\S+|(?:สนจ|สถจ|อบจ)\.?(?=\s)|\S+\.\s\S+|\S+)(?:\s+|$)"
)
_ACTIVITY = re.compile(
    rf"(?:(?:ขอ)?(?:ดู)?รายละเอียด(?:ของ)?|สถานะ(?=\s*{ITEM}))\s*(?P<numbers>{NUMBERS})"
)
_WHO_OF = re.compile(
    rf"{_WHO}\s*ยังไม่(?:ได้)?(?:ส่ง|รายงาน|เสร็จ|ทำ)\s*(?P<numbers>{NUMBERS})\s*(?:บ้าง)?"
)
_HISTORY = re.compile(
    rf"ประวัติ(?:(?:การ)?(?:รายงาน|ดำเนินการ))?\s*(?:ของ)?\s*"
    rf"(?:(?P<numbers>{NUMBERS})\s*)?(?P<agency>.*)"
)
_STATUS_OF = re.compile(r"สถานะ\s*(?:ของ)?\s*(?P<agency>\D+)")
_AREA_OF = re.compile(r"(?:(?:สรุป)?ภาพรวม|สถานะ)\s*(?:ของ)?\s*(?:อำเภอ|อ\.)\s*(?P<district>\D+)")
_PROVINCE_OF = re.compile(r"(?:(?:สรุป)?ภาพรวม|สถานะ)\s*(?:ของ)?\s*(?P<province>(?:จังหวัด|จ\.)\D+)")

_CODE_LETTER = "[0-9A-Za-hj-km-np-tv-zA-HJ-KM-NP-TV-ZOoIiLl]"
_CODE = re.compile(
    r"(?:(?P<sure>ลงทะเบียน|ผูกกลุ่ม|register)(?:กลุ่ม|รหัส)?|รหัส(?:ลงทะเบียน|กลุ่ม)?)\s*(?:คือ)?\s*:?\s*"
    rf"(?P<head>{_CODE_LETTER}{{4}})[\s\-–]?(?P<tail>{_CODE_LETTER}{{4}})",
    re.IGNORECASE,
)
_PRINTED = "[0-9A-HJKMNP-TV-Z]"
_WORD_AND_NUMBER = r"[A-Z]{4}-\d{4}|\d{4}-[A-Z]{4}"
_BARE_CODE = re.compile(
    rf"(?!(?:{_WORD_AND_NUMBER})$)(?=.*\d)(?=.*[A-Z])(?P<head>{_PRINTED}{{4}})-(?P<tail>{_PRINTED}{{4}})",
    re.IGNORECASE,
)
"""A code that cannot be anything else: only letters that codes have, with letters and digits mixed.

"DATA-2567" is a file of a year, "0812-3456" a telephone number and "TEST-CASE" two words.
"""
_ALIKE = str.maketrans("OIL", "011")
"""Crockford's base 32 has no O, I and L; who types them means the digit."""

QUESTION = re.compile(
    r"\?|หรือยัง|รึยัง|ยังคะ|ไหม|มั้ย|มั๊ย|หรือเปล่า|หรือป่าว|รึเปล่า|ป่าว|ใคร|เมื่อไ|วันไหน|ยังไง|อย่างไร|อะไร|ทำไม|กี่"
)
NEGATION = re.compile(r"ไม่|ยังมิ")
SOLVED = re.compile(r"^\s*(?:ได้แล้ว|หาย|น้อยลง)|แก้(?:ไข|ปัญหา)*(?:ได้)?(?:เรียบร้อย)?แล้ว|คลี่คลาย|หมดปัญหา")
"""Behind "ติดปัญหา" and its numbers: over; "ไฟล์หาย" is a problem, "หายแล้ว" is none."""
_UNSURE = rf"{QUESTION.pattern}|{NEGATION.pattern}"
LONGEST_AGENCY = 80
"""Characters that may stand for an agency behind a report."""


def exact(message: Message) -> Understood | None:
    """Return the command that the whole message is, or None."""
    for phrase, understood in _PHRASES:
        if re.fullmatch(phrase, message.solid):
            return understood
    return (
        _due(message)
        or _report(message)
        or _numbered(message)
        or _of_area(message)
        or _history(message)
        or _register(message)
    )


def period_in(solid: str) -> str | None:
    """Return the first period that text without spaces names."""
    found = ANY_PERIOD.search(solid)
    if found is None:
        return None
    return next(name for form, name in _PERIODS.items() if re.fullmatch(form, found[0]))


def code_of(found: re.Match[str]) -> str:
    """Return the matched code as it was printed, "ABCD-EFGH"."""
    return f"{found['head']}-{found['tail']}".upper().translate(_ALIKE)


def has_letter(code: re.Match[str]) -> bool:
    """Whether the matched code is not of digits alone."""
    return re.search("[A-Za-z]", code["head"] + code["tail"]) is not None


def is_agency(text: str) -> bool:
    """Whether the text starts as the name of an agency does, and is no sentence."""
    starts = full_name(text).startswith(("เทศบาล", "สำนักงาน", "ที่ทำการ", "ที่ว่าการ"))
    return (
        (starts or kind_of(text) is not None)
        and len(text) <= LONGEST_AGENCY
        and not QUESTION.search(text)
        and not NEGATION.search(text)
        and not re.search(r"\d|เสร็จ|กำลัง|ติดปัญหา|ทุก|ทั้งหมด", text)
    )


def agency_first(text: str) -> tuple[str | None, str]:
    """Part "อบต.แม่แรม เข้าระบบไม่ได้" into the agency that it begins with, if any, and the rest."""
    named = AGENCY_BEFORE_REASON.match(text)
    return (named[1], text[named.end() :]) if named and is_agency(named[1]) else (None, text)


def _due(message: Message) -> Understood | None:
    asked = re.fullmatch(
        rf"{_PERIOD}{_WHAT}|{_WHAT}{_PERIOD}|กำหนดส่ง(?:งาน)?{_PERIOD}", message.solid
    )
    return Understood(Command.DUE, period_in(message.solid)) if asked else None


def _report(message: Message) -> Understood | None:
    found = _REPORT.fullmatch(message.plain)
    if found is None or is_counted(found["rest"]):
        return None
    numbers = read_numbers(found["numbers"])
    if not numbers:
        return None
    step = int(found["step"]) if found["step"] else None
    rest = message.shown[found.start("rest") :].strip()
    if found["stuck"] is not None:
        if SOLVED.search(rest):
            return None
        return _with_reason(DutyState.STUCK, numbers, step, rest)
    if found["not_needed"] is not None:
        return _with_reason(DutyState.NOT_NEEDED, numbers, step, rest)
    extras = None
    if found["undo"] is None:
        start = found.start("rest")
        extras = taken_out(message.shown[start:], message.plain[start:])
        is_sentence = QUESTION.search(extras.plain) or NEGATION.search(extras.plain)
        if extras.figure == "" and not extras.link:
            extras = None
        elif is_sentence or (extras.figure and re.search(_UNSURE, extras.figure)):
            return None
        else:
            rest = extras.shown.strip()
    if extras or re.search(ITEM, found["numbers"]):
        # Without the word ข้อ and without a number, "เสร็จ ๒ แล้ว" may count two of something.
        rest = re.sub(r"^(?:แล้ว|เรียบร้อย)+\s*|\s*(?:แล้ว|เรียบร้อย)+$", "", rest)
    if rest and not (found["sure"] or is_agency(rest)) and not (extras and extras.figure is None):
        return None
    if found["undo"] is not None:
        return Understood(Command.UNDO, activities=numbers, agency=rest or None, step=step)
    state = DutyState.DONE if found["done"] is not None else DutyState.DOING
    return Understood(
        Command.REPORT,
        activities=numbers,
        agency=rest or None,
        state=state,
        step=step,
        figure=extras.figure if extras else "",
        link=extras.link if extras else "",
    )


def _with_reason(
    state: DutyState, numbers: tuple[str, ...], step: int | None, rest: str
) -> Understood | None:
    """Read "ติดปัญหา ๑๑ อบต.แม่แรม เข้าระบบไม่ได้": the agency may stand before the reason."""
    if QUESTION.search(rest):
        return None
    agency, rest = agency_first(rest)
    return Understood(
        Command.REPORT,
        activities=numbers,
        agency=agency,
        state=state,
        reason=rest,
        step=step,
    )


def _numbered(message: Message) -> Understood | None:
    for pattern, command in ((_ACTIVITY, Command.ACTIVITY), (_WHO_OF, Command.WHO_IS_LATE)):
        found = pattern.fullmatch(message.plain)
        if found and (numbers := read_numbers(found["numbers"])):
            return Understood(command, activities=numbers)
    return None


def _of_area(message: Message) -> Understood | None:
    if found := _AREA_OF.fullmatch(message.plain):
        district = found["district"].strip()
        is_name = len(district) <= 30 and " " not in district and not QUESTION.search(district)
        return Understood(Command.AREA_STATUS, district=district) if is_name else None
    if (found := _PROVINCE_OF.fullmatch(message.plain)) and province(found["province"]):
        return Understood(Command.AREA_STATUS)
    if (found := _STATUS_OF.fullmatch(message.plain)) and is_agency(found["agency"]):
        return Understood(Command.MY_STATUS, agency=found["agency"].strip())
    return None


def _history(message: Message) -> Understood | None:
    found = _HISTORY.fullmatch(message.plain)
    if found is None:
        return None
    agency = message.shown[found.start("agency") :].strip()
    if agency and (not is_agency(agency) or re.search(r"แล้ว$|\s(?:ส่ง|แก้)", agency)):
        return None
    numbers = read_numbers(found["numbers"] or "")
    return Understood(Command.HISTORY, activities=numbers, agency=agency or None)


def _register(message: Message) -> Understood | None:
    if found := _CODE.fullmatch(message.plain):
        # "รหัส 1234 5678" is a meeting's more often than ours.
        is_ours = found["sure"] is not None or has_letter(found)
        return Understood(Command.REGISTER, code=code_of(found)) if is_ours else None
    found = _BARE_CODE.fullmatch(message.plain)
    return Understood(Command.REGISTER, code=code_of(found)) if found else None
