"""The nouns of the bot: ids, closed sets and frozen values that every layer shares.  Pure.

English names stand for the ITA terms given in each docstring.  A date is a Bangkok calendar
date in the common era (CE); an instant is timezone-aware UTC; a fiscal year is a number of
the Buddhist era (BE), as printed in the plans.
"""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, NewType

ProvinceId = NewType("ProvinceId", int)
DistrictId = NewType("DistrictId", int)
AgencyId = NewType("AgencyId", int)
PlanId = NewType("PlanId", int)
ActivityId = NewType("ActivityId", int)
StepId = NewType("StepId", int)
DutyId = NewType("DutyId", int)
PersonId = NewType("PersonId", int)
ChatId = NewType("ChatId", int)
EventRowId = NewType("EventRowId", int)
OutboxId = NewType("OutboxId", int)
DraftId = NewType("DraftId", int)
EvidenceId = NewType("EvidenceId", int)
QuietId = NewType("QuietId", int)
JoinRequestId = NewType("JoinRequestId", int)
PostId = NewType("PostId", int)

FiscalYear = NewType("FiscalYear", int)
"""ปีงบประมาณ: BE, 1 October to 30 September, named by the year it ends in (domain: glossary)."""


class AgencyKind(StrEnum):
    """Kind of an agency (ประเภทหน่วยงาน)."""

    PAO = "pao"
    """องค์การบริหารส่วนจังหวัด (อบจ.)"""
    CITY_MUNICIPALITY = "city_municipality"
    """เทศบาลนคร (ทน.)"""
    TOWN_MUNICIPALITY = "town_municipality"
    """เทศบาลเมือง (ทม.)"""
    SUBDISTRICT_MUNICIPALITY = "subdistrict_municipality"
    """เทศบาลตำบล (ทต.)"""
    SAO = "sao"
    """องค์การบริหารส่วนตำบล (อบต.)"""
    PROVINCIAL_OFFICE = "provincial_office"
    """สำนักงานจังหวัด (สนจ.)"""
    LOCAL_ADMINISTRATION_OFFICE = "local_administration_office"
    """สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัด (สถจ.)"""
    WORKING_GROUP = "working_group"
    """คณะทำงาน ITA ของจังหวัด"""
    REGIONAL_OFFICE = "regional_office"
    """ส่วนราชการสังกัดราชการบริหารส่วนภูมิภาค"""


MUNICIPALITIES = frozenset(
    {
        AgencyKind.CITY_MUNICIPALITY,
        AgencyKind.TOWN_MUNICIPALITY,
        AgencyKind.SUBDISTRICT_MUNICIPALITY,
    }
)
"""เทศบาล of every kind."""
LOCAL_KINDS = frozenset(
    {
        AgencyKind.PAO,
        AgencyKind.CITY_MUNICIPALITY,
        AgencyKind.TOWN_MUNICIPALITY,
        AgencyKind.SUBDISTRICT_MUNICIPALITY,
        AgencyKind.SAO,
    }
)
"""The kinds that together are the อปท. of a province."""


class PartyKind(StrEnum):
    """What a printed responsible party means (ผู้รับผิดชอบ)."""

    EVERY_LOCAL = "every_local"
    """อปท. ทุกแห่ง"""
    EVERY_MUNICIPALITY = "every_municipality"
    """เทศบาลทุกแห่ง, of all three kinds"""
    EVERY_SAO = "every_sao"
    """อบต. ทุกแห่ง"""
    EVERY_REGIONAL = "every_regional"
    """ส่วนราชการประจำจังหวัด / สังกัดภูมิภาค ทุกแห่ง"""
    PROVINCIAL_OFFICE = "provincial_office"
    LOCAL_ADMINISTRATION_OFFICE = "local_administration_office"
    WORKING_GROUP = "working_group"
    OUTSIDE = "outside"
    """ป.ป.ช., คณะที่ปรึกษา: shown as a milestone, never chased."""
    NAMED = "named"
    """One agency printed by name."""
    UNNAMED = "unnamed"
    """หน่วยงานที่เกี่ยวข้อง: a person must choose."""


class Actor(StrEnum):
    """Who acts in a step (ผู้ปฏิบัติในขั้นตอน)."""

    AGENCY = "agency"
    """Not stated: the agency as a whole."""
    ADMIN = "admin"
    """ผู้ดูแลระบบ"""
    EXECUTIVE = "executive"
    """ผู้บริหาร"""
    ADMIN_AND_EXECUTIVE = "admin_and_executive"
    """ผู้ดูแลระบบและผู้บริหาร"""
    OUTSIDE = "outside"
    """An outside body, such as คณะที่ปรึกษาการประเมิน."""


class DoubtCode(StrEnum):
    """Why a reader of a plan is unsure; worded by `messages_th.plan_problems.doubt`."""

    NO_WINDOW = "no_window"
    WINDOW_UNREADABLE = "window_unreadable"
    WINDOW_ENDS_BEFORE_START = "window_ends_before_start"
    WINDOW_IMPOSSIBLE_DATE = "window_impossible_date"
    WINDOW_FAR_FROM_FISCAL_YEAR = "window_far_from_fiscal_year"
    WINDOW_BEFORE_FISCAL_YEAR = "window_before_fiscal_year"
    WINDOW_AFTER_FISCAL_YEAR = "window_after_fiscal_year"
    WINDOW_WITHOUT_YEAR = "window_without_year"
    YEAR_NOT_PRINTED = "year_not_printed"
    ENDS_ON_FIRST_OF_MONTH = "ends_on_first_of_month"
    OPEN_START = "open_start"
    OPEN_END = "open_end"
    HEADING_YEAR_DIFFERS = "heading_year_differs"
    NUMBER_OUT_OF_ORDER = "number_out_of_order"
    NUMBER_MISSING = "number_missing"
    NUMBER_TWICE = "number_twice"
    ROW_CONTINUED = "row_continued"
    ROW_PRINTED_TWICE = "row_printed_twice"
    COPIES_DIFFER = "copies_differ"
    GROUP_HEADING = "group_heading"
    NO_TITLE = "no_title"
    NO_RESPONSIBLE = "no_responsible"
    RESPONSIBLE_FROM_NOTE = "responsible_from_note"
    RESPONSIBLE_UNKNOWN = "responsible_unknown"
    RESPONSIBLE_UNNAMED = "responsible_unnamed"
    RESPONSIBLE_MISSPELT = "responsible_misspelt"
    DATE_IN_TITLE = "date_in_title"
    MARKUP_REMOVED = "markup_removed"
    MARKUP_UNCLOSED = "markup_unclosed"
    CONDITIONAL = "conditional"
    HEADER_REPEATED = "header_repeated"
    PAGES_OUT_OF_ORDER = "pages_out_of_order"
    ROWS_NOT_IN_DATE_ORDER = "rows_not_in_date_order"
    COLUMNS_GUESSED = "columns_guessed"
    SECOND_OWNER_COLUMN = "second_owner_column"
    TABLE_IGNORED = "table_ignored"
    LINE_IGNORED = "line_ignored"
    SPACE_IN_NAME = "space_in_name"
    READ_FROM_PDF = "read_from_pdf"
    MERGED_CELL = "merged_cell"
    TABLES_JOINED = "tables_joined"
    DATE_SHIFTED = "date_shifted"
    """The window of another fiscal year, moved along"""
    PROVINCE_UNSURE = "province_unsure"
    """The heading names another province than the sender's, or none of several"""


class DraftOrigin(StrEnum):
    """Where a draft comes from."""

    FILE = "file"
    """A file, or text that was pasted"""
    EDIT = "edit"
    """The plan in force with something changed ("เลื่อนข้อ ๑๗ เป็น ...")"""
    UNDO = "undo"
    """The version before the one in force"""
    NEXT_YEAR = "next_year"
    """Another fiscal year's plan, its dates shifted"""


class DraftState(StrEnum):
    """Where a draft stands; only an open one can be answered, confirmed or cancelled."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    """The same person began another."""


class PlanTap(StrEnum):
    """What a button of a waiting draft asks for; short, as it stands in the button's data."""

    SUMMARY = "sum"
    TABLE = "tab"
    """A page of the rows as read"""
    ASK = "ask"
    """What is still to be answered"""
    AS_READ = "read"
    """The doubt that is asked about stays as it was read"""
    PAGE_AS_READ = "page"
    """So do all of the page that is asked about"""
    OWNER = "own"
    """One of the usual owners"""
    WRITE = "write"
    """Opens the keyboard with the beginning of a correction"""
    YEAR = "year"
    PROVINCE = "prov"
    CONFIRM = "yes"
    CANCEL = "no"


class ActTap(StrEnum):
    """What a button about a report asks for; short, as it stands in the button's data."""

    REVIEW = "review"
    REOPEN = "reopen"
    """Opens the keyboard with the beginning typed in, as the reason is to be written"""
    ANSWER = "answer"
    """The same for what a coordinator answers to who is stuck"""


class Role(StrEnum):
    """What a post lets its holder do (บทบาท)."""

    OFFICER = "officer"
    """ผู้ดูแลระบบ or coordinator of one agency"""
    DISTRICT = "district"
    """ท้องถิ่นอำเภอ, ที่ทำการปกครองอำเภอ"""
    COORDINATOR = "coordinator"
    """ผู้ประสานงานจังหวัด (สนจ., สถจ.)"""
    EXECUTIVE = "executive"
    """ผู้บริหาร of one agency"""
    REVIEWER = "reviewer"
    """ป.ป.ช. ประจำจังหวัด, who advises the province"""
    VIEWER = "viewer"
    """Who only looks: a governor's office, an auditor"""


class JoinOutcome(StrEnum):
    """What became of a request to join."""

    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """Its asker asked for another agency instead, or never gave a name."""


class DutyState(StrEnum):
    """How far one agency's share of one step is (สถานะ)."""

    OPEN = "open"
    """ยังไม่เริ่ม"""
    DOING = "doing"
    """กำลังดำเนินการ"""
    STUCK = "stuck"
    """ติดปัญหา, with a reason"""
    REPORTED = "reported"
    """รออนุมัติ: reported as done, where a step needs the executive"""
    RETURNED = "returned"
    """ส่งกลับแก้ไข by the executive, with a reason: open again"""
    DONE = "done"
    """เสร็จสิ้น"""
    NOT_NEEDED = "not_needed"
    """ไม่ต้องดำเนินการ, with a reason: of an activity that is conditional (domain: clarify a score)"""


FINISHED = frozenset({DutyState.DONE, DutyState.NOT_NEEDED})
"""States in which nothing is left to do."""
AT_REST = FINISHED | {DutyState.REPORTED}
"""States in which nothing is left to do for the officer: the executive may have to."""


class Act(StrEnum):
    """What the record tells of (รายการในบันทึก)."""

    REPORTED = "reported"
    """A duty was brought to another state."""
    TAKEN_BACK = "taken_back"
    APPROVED = "approved"
    """The executive approved what was reported (อนุมัติ)."""
    RETURNED = "returned"
    """The executive sent it back, with a reason (ส่งกลับแก้ไข)."""
    PLAN_IN_FORCE = "plan_in_force"
    POST_GIVEN = "post_given"
    GROUP_BOUND = "group_bound"
    EVIDENCE_GIVEN = "evidence_given"
    EVIDENCE_WITHDRAWN = "evidence_withdrawn"
    """Its sender unsent the message."""
    EVIDENCE_RULE = "evidence_rule"
    """A step is done only with evidence from now on, or without again."""
    INVITED = "invited"
    """One-time codes were issued."""
    POST_OFFERED = "post_offered"
    """A code was made that hands a post over."""
    POST_MOVED = "post_moved"
    """A post was handed over: who held it does no more, who used the code does."""
    POST_ENDED = "post_ended"
    """Somebody left a post, or was relieved of it."""
    POLICY_CHANGED = "policy_changed"
    """When the province reminds: a number, or a holiday (ตั้งค่าการเตือน)."""
    QUIETED = "quieted"
    """Reminders of a duty, an agency or all were put off until a day."""
    RESUMED = "resumed"
    """They go on before that day."""

    REOPENED = "reopened"
    """A coordinator took back what was done, with a reason, reviewed or not."""
    CORRECTED = "corrected"
    """The number of a report was put right; the duty stays as it is."""
    REVIEWED = "reviewed"
    """What was reported was checked, and is locked (สอบทาน)."""
    ANSWERED = "answered"
    """A coordinator answered to who is stuck."""
    SETTING_CHANGED = "setting_changed"
    """The province changed what it decides for itself."""


OF_DUTIES = (Act.REPORTED, Act.TAKEN_BACK, Act.APPROVED, Act.RETURNED, Act.REOPENED)
"""Acts that bring a duty to another state."""
OF_EVIDENCE = (Act.EVIDENCE_GIVEN, Act.EVIDENCE_WITHDRAWN)
OF_REPORTS = (*OF_DUTIES, Act.CORRECTED)
"""Acts that add a report."""
ABOUT_DUTIES = (*OF_REPORTS, Act.REVIEWED, Act.ANSWERED, *OF_EVIDENCE)
"""Acts that a duty's history tells of."""


class EvidenceKind(StrEnum):
    """What a piece of evidence is (หลักฐาน)."""

    PHOTO = "photo"
    FILE = "file"
    LINK = "link"


class NoticeKind(StrEnum):
    """Which offset of a window a reminder belongs to (จังหวะการแจ้งเตือน)."""

    OPENS = "opens"
    HALFWAY = "halfway"
    """In the middle of a long window."""
    BEFORE = "before"
    """A number of days before the last day; the number stands beside it."""
    LAST_DAY = "last_day"
    OVERDUE = "overdue"
    """A number of days after the last day; the number stands beside it."""
    PROMISE = "promise"
    """The day after an officer's own date passed; beside it, how far that is from the last day."""


class Reason(StrEnum):
    """What was decided of one offset of a duty, and why; stored as the outcome of a notice."""

    SENT = "sent"
    DONE = "done"
    APPROVAL = "approval"
    """It waits for the executive."""
    MOVED = "moved"
    """Its date or duty is no longer in force; planned anew if it comes back."""
    PROMISED = "promised"
    MUTED = "muted"
    PAUSED = "paused"
    NO_CONTACT = "no_contact"
    JOINED = "joined_with_another"
    """Another offset of the same duty fell on the same working day, and spoke for both."""
    NOT_OPENED = "not_opened"
    """Its day lies before the window opens."""
    CAUGHT_UP = "caught_up_by_later"
    """Its day went by before it was planned, and a later offset has come since."""
    OVERSLEPT = "overslept"
    """Its day went by before it was planned, and it is too late for it."""
    NOT_YET = "not_yet"
    DAY_OFF_MOVED = "day_off_moved"
    """Its day is a day off: it waits for the next working day."""
    NOT_WANTED = "not_wanted"
    """Of a message: each of its notices says why."""
    POST_ENDED = "post_ended"
    """Of a message: its reader does not answer for the agency any more."""
    PARKED = "parked"
    UNCERTAIN = "uncertain"
    """LINE gave no answer that day, and what was said then is no longer true."""


class ReminderSetting(StrEnum):
    """Which number of its reminders a province changes (ตั้งค่าการเตือน)."""

    BEFORE = "before"
    OVERDUE = "overdue"
    WEEKLY = "weekly"
    """How often more, a week apart, after the last overdue day"""
    HALFWAY = "halfway"
    HOURS = "hours"
    PROMISE = "promise"
    CATCH_UP = "catch_up"
    ADD_DAY = "add_day"
    DROP_DAY = "drop_day"


class QuietKind(StrEnum):
    """Who asked not to be reminded for a while, and of how much."""

    PROMISE = "promise"
    """ขอเลื่อนเตือน: an officer, of one duty"""
    MUTE = "mute"
    """งดเตือน: a coordinator, of one agency"""
    PAUSE = "pause"
    """พักการเตือนทั้งหมด: a coordinator, of the whole province"""


@dataclass(frozen=True, slots=True)
class Window:
    """When an activity is planned for (ระยะเวลา), in Bangkok calendar dates, CE.

    Both ends belong to the window.  `first` is None where the plan prints no start
    ("ภายในเดือน ...", "ตั้งแต่บัดนี้ - ...").

    Raises:
        ValueError: when the window ends before it starts.
    """

    first: date | None
    last: date

    def __post_init__(self) -> None:
        if self.first is not None and self.last < self.first:
            raise ValueError(f"window ends {self.last} before it starts {self.first}")


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing a reader of a plan was unsure of, for a person to check.

    `row` is the printed number of the activity concerned, or "" for the whole plan;
    `printed` the text that raised it.
    """

    code: DoubtCode
    row: str
    printed: str


@dataclass(frozen=True, slots=True)
class StepDraft:
    """One enumerated step of a printed activity (ขั้นตอน)."""

    title: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class PartyDraft:
    """One responsible party as printed, and what it was read as."""

    kind: PartyKind
    text: str


@dataclass(frozen=True, slots=True)
class ActivityDraft:
    """One row of a printed plan (กิจกรรม) as read, the printed texts kept beside.

    `number` is `printed_number` in Arabic digits; a sub-row without a number of its own is
    named after its heading ("7.1").  An activity with no enumerated steps has one step, its
    title.  `window` is None when none is printed or it could not be read.  `activity_id` is known
    of a row that came out of a plan in force and was edited; it says nothing of what is printed.
    """

    number: str
    printed_number: str
    title: str
    steps: tuple[StepDraft, ...]
    window: Window | None
    window_text: str
    parties: tuple[PartyDraft, ...]
    responsible_text: str
    doubts: tuple[Doubt, ...] = ()
    activity_id: ActivityId | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan as read from a file, before anybody confirmed it (ร่างแผน)."""

    title: str
    activities: tuple[ActivityDraft, ...]
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class ReminderPolicy:
    """When a province reminds; each number is the province's own data.

    Days are calendar days counted from the last day of the window; office hours are Bangkok
    time, `office_opens` inclusive, `office_closes` exclusive.  A notice that the service
    slept over is made up for within `catch_up_days` (inclusive) of its day.  Windows of
    `halfway_from_days` and more (both ends counted) are reminded of in their middle, none where
    it is 0.  An officer may put a reminder off until `promise_days` after the last day.
    """

    before_days: tuple[int, ...] = (14, 7, 3, 1)
    overdue_days: tuple[int, ...] = (1, 3, 7)
    overdue_weekly_more: int = 4
    halfway_from_days: int = 45
    office_opens: time = field(default=time(8, 30))
    office_closes: time = field(default=time(16, 30))
    catch_up_days: int = 14
    promise_days: int = 7


@dataclass(frozen=True, slots=True)
class KeptDay:
    """A day that a province added to its days off, or took away from them."""

    day: date
    is_day_off: bool
    name: str


@dataclass(frozen=True, slots=True)
class Agency:
    """A body that has to do its share (หน่วยงาน)."""

    agency_id: AgencyId
    province_id: ProvinceId
    name: str
    kind: AgencyKind
    district: str
    """Name of its อำเภอ without the word; "" for a body of the whole province."""
    district_id: DistrictId | None


@dataclass(frozen=True, slots=True)
class Post:
    """What a person is answerable for (ตำแหน่งหน้าที่), now."""

    role: Role
    province_id: ProvinceId
    district_id: DistrictId | None
    agency_id: AgencyId | None


@dataclass(frozen=True, slots=True)
class Person:
    """A LINE user known to the bot, with the posts held now."""

    person_id: PersonId
    line_user_id: str
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Invited:
    """What a one-time code is good for; without a role it binds a group to the province."""

    role: Role | None
    province_id: ProvinceId
    district_id: DistrictId | None = None
    agency_id: AgencyId | None = None
    of_post_id: PostId | None = None
    """The post that is handed over by it, if it is one's code of a handover."""


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post with who holds it, since when (UTC), and the name they gave, "" where none."""

    post_id: PostId
    person_id: PersonId
    post: Post
    since: datetime
    display_name: str


@dataclass(frozen=True, slots=True)
class JoinAsked:
    """A request to join an agency; `name` is "" until its asker has given one.

    `outcome` is None while it waits.
    """

    request_id: JoinRequestId
    person_id: PersonId
    name: str
    role: Role
    agency: Agency
    outcome: JoinOutcome | None


@dataclass(frozen=True, slots=True)
class Joined:
    """Who has joined for an agency: how many officers and executives.

    `reachable` are the officers who can be written to in 1:1, `outside` those who have left the
    province's groups.
    """

    agency: Agency
    officers: int
    executives: int
    reachable: int
    outside: int

    @property
    def is_cut_off(self) -> bool:
        """Whether officers have joined and none of them can be written to."""
        return self.officers > 0 and self.reachable == 0


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """An activity in force, as reminders and answers need it."""

    activity_id: ActivityId
    plan_id: PlanId
    province_id: ProvinceId
    fiscal_year: FiscalYear
    number: str
    title: str
    window: Window | None
    revision: int
    """Grows with every change of the row; a button carries it to tell a stale one."""


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """One agency's share of one step, with where it stands."""

    duty_id: DutyId
    activity: ActivityFacts
    step_id: StepId
    step_number: int
    step_count: int
    step_title: str
    actor: Actor
    agency: Agency
    state: DutyState
    reason: str
    changed_at: datetime | None
    figure: str = ""
    """The number of the newest report with its unit ("45 ชุด"), "" where it has none."""
    link: str = ""
    is_on_behalf: bool = False
    """Whether the district made the newest report in the agency's place."""
    report_id: int | None = None
    """The newest report, None where nothing was ever reported."""
    is_reviewed: bool = False
    """Whether somebody checked the newest report, which locks it (สอบทานแล้ว)."""
    needs_evidence: bool = False
    """Whether it is done only with something to show for it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A last day that somebody was told for an agency of theirs, and that is no longer true.

    `last_on` is what is true now: None where no date is set, or where `is_gone` says that nothing
    is asked of the agency any more.  `told` is None where they were told one of these.  `is_done`
    says whether the agency has nothing left to do.
    """

    activity: ActivityFacts
    agency: Agency
    told: date | None
    last_on: date | None
    is_gone: bool
    is_done: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many of an activity's duties are done, and of how many nothing is needed."""

    done: int
    total: int
    not_needed: int = 0

    @property
    def finished(self) -> int:
        """How many have nothing left to do."""
        return self.done + self.not_needed


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a province's record: who did what when, chained to the one before.

    `number` counts from 1 in the province and is what a receipt names; `at` is UTC; `act` is an
    `Act`, as text, as the row may have been tampered with.  `person_id` is None where an operator
    acted in the terminal.  `details` is JSON.  `previous` is the digest of the entry before, ""
    for the first.
    """

    province_id: ProvinceId
    number: int
    at: datetime
    act: str
    person_id: PersonId | None
    duty_id: DutyId | None
    details: str
    previous: str
    digest: str

    @property
    def facts(self) -> dict[str, Any]:
        """What the details say; nothing where they are no JSON of ours."""
        try:
            found = json.loads(self.details)
        except (TypeError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Seal:
    """The end of a record: how many entries it has, and the digest that stands for all of them."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report as its row says.

    `reason_digest` is None where the reason was erased, and `link_digest` with it, as both need
    the salt; it is "" where there is no link.
    """

    report_id: int
    duty_id: DutyId
    agency_id: AgencyId
    person_id: PersonId
    state: str
    reason: str
    reason_digest: str | None
    at: datetime
    webhook_event_id: str
    figure: str = ""
    link_digest: str | None = ""


@dataclass(frozen=True, slots=True)
class KeptReview:
    """A review as its row says: who checked which report on which duty, and when."""

    review_id: int
    report_id: int
    duty_id: DutyId
    person_id: PersonId
    at: datetime


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What a coordinator answered to who is stuck, as its row says.

    `digest` is None where the answer was erased.
    """

    answer_id: int
    report_id: int
    duty_id: DutyId
    person_id: PersonId
    text: str
    digest: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A photo, file or link that somebody gave; `size` in bytes, `sha256` of what LINE gave us.

    A link has neither, nor a file that it is stored as.
    """

    kind: EvidenceKind
    line_message_id: str
    stored_as: str = ""
    media_type: str = ""
    size: int = 0
    sha256: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Awaited:
    """For which duty the next photo or file of a person is; whether it is done by it.

    `figure` is what was reported with it then, as it is kept.
    """

    duty_id: DutyId
    then_done: bool = False
    figure: str = ""


@dataclass(frozen=True, slots=True)
class KeptEvidence:
    """A piece of evidence as its row says; `sha256` of a link is of its letters.

    What was withdrawn has lost its file or link.
    """

    evidence_id: EvidenceId
    duty_id: DutyId
    agency_id: AgencyId
    person_id: PersonId
    kind: EvidenceKind
    stored_as: str
    media_type: str
    size: int
    sha256: str
    link: str
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class DutyStanding:
    """How a duty stands, as its row says."""

    state: str
    reason: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class EntryTold:
    """An entry of the record with what its duty is about; without a duty `agency` is None."""

    entry: Entry
    agency: Agency | None
    number: str
    step_number: int
    step_count: int


class Fetch(StrEnum):
    """What a signed link fetches; short, as it stands in the link."""

    DOWNLOAD = "d"
    """A file that was made for its reader"""
    EVIDENCE = "e"


class Queue(StrEnum):
    """Which queue a parked row stands in, as operators name it."""

    EVENT = "event"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """A row that was given up: what it is, since when (UTC), after how many tries, and why."""

    queue: Queue
    row_id: int
    what: str
    since: datetime
    attempts: int
    why: str
    has_content: bool
    """Whether it can still be worked: an event loses its text after three days."""

    @property
    def name(self) -> str:
        """How an operator names it ("message-34")."""
        return f"{self.queue}-{self.row_id}"
