"""Every wording, with the longest that real plans and directories hold, is what LINE accepts."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from types import ModuleType

import pytest

from bot.emulator import limits
from bot.line_messages import line_messages
from handlers.agency_import import read_directory
from handlers.plan_files.table import read_plan
from handlers.postback import REPORTABLE, act_data, button_data, evidence_data, plan_data
from handlers.rules.evidence import SUFFIXES
from handlers.rules.links import LONGEST as LONGEST_LINK
from handlers.rules.policies import DayRefusal, PolicyRefusal
from handlers.rules.quiet import QuietRefusal
from messages_th import (
    answers,
    approval,
    digests,
    erasure,
    evidence,
    figures,
    invitations,
    joined,
    joining,
    leaving,
    offices,
    plan_chat,
    plan_summary,
    problems,
    province_settings,
    quiet,
    record,
    reminder_reasons,
    reminder_settings,
    reminders,
    reporting,
    review,
    stuck,
)
from messages_th.cards import duty_card
from messages_th.digests import ActivityProgress, DigestFacts
from messages_th.leaving import Holder
from messages_th.parts import Card, Open, Part, Say, Text
from messages_th.plan_summary import DraftFacts
from messages_th.words import Command, understand
from store.types import (
    Act,
    ActivityDraft,
    ActivityFacts,
    Agency,
    AgencyKind,
    Count,
    Doubt,
    DoubtCode,
    DraftId,
    DutyFacts,
    DutyId,
    DutyState,
    Entry,
    EntryTold,
    EvidenceId,
    EvidenceKind,
    Fetch,
    FiscalYear,
    HeldPost,
    JoinAsked,
    Joined,
    JoinOutcome,
    JoinRequestId,
    KeptEvidence,
    NoticeKind,
    PartyDraft,
    PartyKind,
    PersonId,
    PostId,
    ProvinceId,
    Reason,
    ReminderPolicy,
    ReminderSetting,
    Role,
    Seal,
)
from tests.factories import SAMPLES, make_activity, make_agency, make_duty, make_post
from tests.fakes import linked

TODAY = date(2024, 2, 5)
MOMENT = datetime(2024, 2, 5, 9, tzinfo=UTC)
PLANS = {"angthong": 2564, "chiangmai": 2567, "krabi": 2568, "lamphun": 2568}
NAMES = {"angthong": "อ่างทอง", "chiangmai": "เชียงใหม่", "krabi": "กระบี่", "lamphun": "ลำพูน"}
FIGURE = "999999999.9999 " + "ช" * 20
TYPED = "ย" * 1000
PROVINCE_NAME = "พระนครศรีอยุธยา"
MUCH_REMINDED = ReminderPolicy(tuple(range(60, 50, -1)), tuple(range(51, 61)), 26, 365)
"""The longest that is read as a command."""
MODULES = (
    answers,
    approval,
    digests,
    erasure,
    evidence,
    figures,
    invitations,
    joined,
    joining,
    leaving,
    plan_chat,
    plan_summary,
    problems,
    province_settings,
    quiet,
    record,
    reminder_reasons,
    reminder_settings,
    reminders,
    reporting,
    review,
    stuck,
)


@dataclass(frozen=True)
class Longest:
    """What is longest in all the samples; `duties` are those of 211 agencies."""

    agency: Agency
    agencies: list[Agency]
    activities: list[ActivityFacts]
    duty: DutyFacts
    duties: list[DutyFacts]
    rows: tuple[ActivityDraft, ...]
    window_text: str
    responsible_text: str


@cache
def longest() -> Longest:
    drafts = [draft for name, year in PLANS.items() for draft in _drafts(name, year)]
    agencies = [agency for name in NAMES for agency in _agencies(name)]
    # Sub-rows without a number of their own are named after their heading.
    activities = [
        make_activity("18.12", draft.title, draft.window, activity_id=number)
        for number, draft in enumerate(sorted(drafts, key=lambda d: -len(d.title)), start=1)
    ]
    agency = max(agencies, key=lambda each: len(each.name))
    reason = "ร" * 1000
    stuck = DutyState.STUCK
    return Longest(
        agency=agency,
        agencies=_agencies("chiangmai"),
        activities=activities,
        duty=_with_extras(
            make_duty(999_999_999, activities[0], agency, stuck, reason=reason, step=10, steps=12)
        ),
        duties=[
            _with_extras(make_duty(999_999_000 + number, activities[0], each, stuck, reason=reason))
            for number, each in enumerate(_agencies("chiangmai"))
        ],
        rows=tuple(replace(each, number="18.12") for each in sorted(drafts, key=_length)[-8:]),
        window_text=max((draft.window_text for draft in drafts), key=len),
        responsible_text=max((draft.responsible_text for draft in drafts), key=len),
    )


def _with_extras(duty: DutyFacts) -> DutyFacts:
    return replace(
        duty,
        report_id=999_999_999,
        is_reviewed=True,
        figure=FIGURE,
        link="https://" + "l" * (LONGEST_LINK - 8),
        is_on_behalf=True,
    )


def _length(draft: ActivityDraft) -> int:
    return len(draft.title) + len(draft.responsible_text)


def _drafts(name: str, year: int) -> tuple[ActivityDraft, ...]:
    content = (SAMPLES / f"{name}-{year}.txt").read_bytes()
    return read_plan("plan.txt", content, fiscal_year=FiscalYear(year)).activities


def _agencies(name: str) -> list[Agency]:
    content = (SAMPLES / f"agencies-{name}.csv").read_bytes()
    rows, _ = read_directory("a.csv", content, province=NAMES[name])
    bodies: list[tuple[str, AgencyKind, str]] = [
        (body, kind, "") for body, kind in offices.provincial_bodies(NAMES[name]).items()
    ]
    bodies += [(row.name, row.kind, row.district) for row in rows]
    return [make_agency(number, *body) for number, body in enumerate(bodies, start=1)]


def digest_facts(x: Longest) -> DigestFacts:
    progress = tuple(
        ActivityProgress(activity, Count(100, 211), tuple(x.agencies)) for activity in x.activities
    )
    return DigestFacts(
        province="ประจวบคีรีขันธ์",
        overdue=progress,
        stuck=tuple(x.duties),
        ending=progress,
        opening=tuple(x.activities),
        running=progress,
        waiting=3600,
        waiting_since=TODAY,
        joined=Count(211, 214),
        seal=Seal(999_999_999, "f" * 64),
    )


def entry_told(x: Longest) -> EntryTold:
    entry = Entry(
        province_id=x.agency.province_id,
        number=999_999_999,
        at=MOMENT,
        act=Act.REPORTED,
        person_id=None,
        duty_id=x.duty.duty_id,
        details=f'{{"state": "doing", "by": "coordinator", "figure": "{FIGURE}", "link": "a"}}',
        previous="",
        digest="",
    )
    return EntryTold(entry, x.agency, "18.12", 10, 12)


def evidence_rows(x: Longest) -> list[evidence.Shown]:
    """Ten pieces, as many as are shown: links as long as they may be, and files."""
    link, office = "https://a.go.th/" + "ก" * 484, next(t for t in SUFFIXES if "presentation" in t)
    rows = []
    for number in range(10):
        kind = EvidenceKind.LINK if number % 2 else EvidenceKind.FILE
        kept = KeptEvidence(
            EvidenceId(999_999_999),
            x.duty.duty_id,
            x.agency.agency_id,
            PersonId(1),
            kind,
            "" if kind is EvidenceKind.LINK else "f" * 32,
            office,
            10 * 1024 * 1024,
            "f" * 64,
            link if kind is EvidenceKind.LINK else "",
            MOMENT,
            None,
        )
        button = Open(evidence.OPEN, Fetch.EVIDENCE, 999_999_999, PersonId(999_999_999))
        rows.append(evidence.Shown(kept, MOMENT, x.duty, button))
    return rows


def link() -> str:
    return invitations.chat_link("@" + "a" * 40, "ABCD-EFGH")


def join_asked(x: Longest) -> JoinAsked:
    request, person = JoinRequestId(999_999_999), PersonId(999_999_999)
    return JoinAsked(request, person, "น" * 80, Role.EXECUTIVE, x.agency, None)


def titled_card(x: Longest) -> Card:
    title = answers.due_title("เดือนพฤศจิกายน", [x.agency], len(x.duties))
    return duty_card(title, title, [x.duty, *x.duties], TODAY, button_data)


DATA = plan_data(DraftId(999_999_999), 999_999_999)
NAMED_SO = "น" * 300


def draft_facts(x: Longest, left: int = 0) -> DraftFacts:
    pairs = tuple((row, replace(row, title="", parties=())) for row in x.rows) * 5
    return DraftFacts(
        province="ประจวบคีรีขันธ์",
        fiscal_year=FiscalYear(2568),
        title="แ" * 2000,
        rows=5000,
        left=left,
        is_first=False,
        added=x.rows * 5,
        moved=pairs,
        changed=pairs,
        removed=x.rows * 5,
        unchanged=5000,
        cancelled=99_999,
        rescheduled=99_999,
        told=tuple(x.agencies),
        unresolved=(NAMED_SO,) * 30,
    )


def every_doubt(x: Longest) -> list[tuple[Doubt, ActivityDraft | None]]:
    row = replace(x.rows[-1], parties=(PartyDraft(PartyKind.UNNAMED, NAMED_SO),) * 9)
    return [(Doubt(code, "18.12", NAMED_SO), row) for code in DoubtCode]


def holders(x: Longest) -> list[Holder]:
    post = make_post(Role.OFFICER, agency=1)
    held = [
        HeldPost(PostId(999_999_999), PersonId(1), post, MOMENT, name) for name in ("", "น" * 100)
    ]
    return [
        Holder(each, x.agency.name, TODAY, is_own=own) for each in held for own in (True, False)
    ]


def joined_rows(x: Longest, officers: int) -> list[Joined]:
    """Every agency of a province of 25 districts, the names as long as the longest."""
    return [
        Joined(
            replace(x.agency, district="เฉลิมพระเกียรติ" + chr(ord("ก") + number % 25)),
            officers=officers,
            executives=0,
            reachable=0,
            outside=officers,
        )
        for number, _ in enumerate(x.agencies)
    ]


WORDINGS: dict[str, Callable[[Longest], list[Part | str]]] = {
    "answers.help_text": lambda _: [
        answers.help_text(
            reports=each,
            sees_area=each,
            approves=each,
            changes_plan=each,
            sees_stuck=each,
            reviews=each,
            answers=each,
            sees_joined=each,
            may_leave=each,
        )
        for each in (True, False)
    ],
    "answers.registered": lambda x: [
        answers.registered(role, x.agency.name, asks_name=True) for role in Role
    ],
    "answers.consent_to_code": lambda _: [answers.consent_to_code("ABCD-EFGH")],
    "answers.post_label": lambda x: [answers.post_label(role, x.agency.name) for role in Role],
    "answers.district_label": lambda _: [answers.district_label("เฉลิมพระเกียรติ")],
    "answers.province_label": lambda _: [answers.province_label("ประจวบคีรีขันธ์")],
    "answers.group_code": lambda _: [answers.group_code("ABCD-EFGH", TODAY)],
    "answers.group_bound": lambda _: [answers.group_bound("ประจวบคีรีขันธ์")],
    "answers.due_title": lambda x: [titled_card(x)],
    "answers.open_title": lambda x: [
        duty_card(answers.open_title(211), answers.open_title(211), x.duties, TODAY, button_data)
    ],
    "answers.nothing_due": lambda x: [answers.nothing_due("วันนี้", [x.agency], x.duty)],
    "answers.nothing_overdue": lambda x: [answers.nothing_overdue([x.agency])],
    "answers.whose": lambda x: [answers.whose([x.agency]), answers.whose(x.agencies)],
    "answers.own_part": lambda x: [
        answers.activity_details(
            x.activities[0], x.window_text, x.responsible_text, Count(211, 211, 211), TODAY
        )
        + "\n"
        + answers.own_part(x.duties, with_links=True)
    ],
    "answers.status": lambda x: [answers.status(x.agency, x.duties[:18], TODAY, {DutyId(1): 3})],
    "answers.which_agency": lambda x: [
        answers.which_agency(TYPED, []),
        answers.which_agency(TYPED, [x.agency.name] * 5),
    ],
    "answers.activity_details": lambda x: [
        answers.activity_details(
            x.activities[0], x.window_text, x.responsible_text, Count(211, 211), TODAY
        )
    ],
    "answers.area_status": lambda x: [
        answers.area_status(
            answers.province_label("ประจวบคีรีขันธ์"),
            [(activity, Count(100, 211)) for activity in x.activities[:20]],
            Count(211, 214),
            TODAY,
        ),
        answers.area_status("อ.แม่ริม", [], Count(0, 11), TODAY),
    ],
    "answers.who_is_late": lambda x: [
        answers.who_is_late(x.activities[0], Count(0, 211), x.duties, names=each)
        for each in (True, False)
    ],
    "answers.nobody_late": lambda _: [answers.nobody_late("จังหวัดประจวบคีรีขันธ์")],
    "answers.contact": lambda x: [answers.contact("ประจวบคีรีขันธ์", x.agency.name)],
    "invitations.chat_link": lambda _: [link()],
    "invitations.issued": lambda x: [
        invitations.issued(role, x.agency.name, "ABCD-EFGH", TODAY, link(), voided=True)
        for role in Role
    ],
    "invitations.which_agency": lambda x: [
        invitations.which_agency(TYPED, role, found)
        for role in (Role.OFFICER, Role.EXECUTIVE)
        for found in ([], [x.agency, *x.agencies[:4]])
    ],
    "invitations.with_district": lambda x: [invitations.with_district(x.agency)],
    "invitations.listed": lambda _: [
        invitations.listed(999, TODAY, Open(invitations.FETCH, Fetch.DOWNLOAD, 1, PersonId(1)))
    ],
    "invitations.sheet_title": lambda _: [
        invitations.sheet_title("ประจวบคีรีขันธ์", Role.EXECUTIVE, TODAY)
    ],
    "joining.clean_name": lambda _: [str(joining.clean_name(TYPED))],
    "joining.without_province": lambda _: [joining.without_province(TYPED)[0]],
    "joining.name_kept": lambda _: [joining.name_kept("น" * 80)],
    "joining.name_refused": lambda _: [joining.name_refused(each) for each in joining.NameProblem],
    "joining.in_full": lambda x: [joining.in_full(x.agency, "ประจวบคีรีขันธ์")],
    "joining.asks": lambda x: [joining.asks(x.agency, Role.EXECUTIVE, "ประจวบคีรีขันธ์")],
    "joining.consent": lambda x: [
        joining.consent(x.agency, Role.EXECUTIVE, "ประจวบคีรีขันธ์", shows_notice=True)
    ],
    "joining.which_agency": lambda x: [
        joining.which_agency(
            TYPED, Role.EXECUTIVE, [(each, "ประจวบคีรีขันธ์") for each in (x.agency, *x.agencies)]
        )
    ],
    "joining.agency_unknown": lambda _: [joining.agency_unknown(TYPED)],
    "joining.ask_name": lambda x: [joining.ask_name(x.agency, Role.EXECUTIVE)],
    "joining.sent": lambda x: [
        joining.sent(join_asked(x), "น" * 80, coordinators=each) for each in (0, 1)
    ],
    "joining.waits_already": lambda x: [joining.waits_already(x.agency)],
    "joining.has_post": lambda x: [joining.has_post(x.agency, Role.EXECUTIVE)],
    "joining.too_many_of_agency": lambda x: [joining.too_many_of_agency(x.agency)],
    "joining.waiting_card": lambda x: [
        joining.waiting_card([join_asked(x)] * 99, lambda *_: "1:join:refuse:999999999")
    ],
    "joining.decided": lambda x: [joining.decided(join_asked(x), each) for each in JoinOutcome],
    "joining.outcome": lambda x: [
        joining.outcome(replace(join_asked(x), outcome=each), "ประจวบคีรีขันธ์")
        for each in (JoinOutcome.ADMITTED, JoinOutcome.REFUSED)
    ],
    "erasure.confirm": lambda _: [
        erasure.confirm(PersonId(999_999_999), ["ประจวบคีรีขันธ์"] * alone) for alone in range(3)
    ],
    "joined.counts": lambda x: [joined.counts("จังหวัดประจวบคีรีขันธ์", joined_rows(x, 1))],
    "joined.by_district": lambda x: [
        joined.by_district("จังหวัดประจวบคีรีขันธ์", joined_rows(x, officers)) for officers in (0, 1)
    ],
    "leaving.handover_code": lambda x: [
        leaving.handover_code(each, "ABCD-EFGH", TODAY) for each in holders(x)
    ],
    "leaving.taken_over": lambda x: [
        leaving.taken_over(role, x.agency.name, asks_name=True) for role in Role
    ],
    "leaving.which": lambda x: [leaving.which(leaving.RELIEVE, holders(x) * 5)],
    "leaving.which_agency": lambda x: [
        leaving.which_agency(leaving.RELIEVE, TYPED, names) for names in ([], [x.agency.name] * 5)
    ],
    "leaving.nobody": lambda _: [leaving.nobody(TYPED)],
    "leaving.confirm_leaving": lambda x: [leaving.confirm_leaving(each) for each in holders(x)],
    "leaving.confirm_relieving": lambda x: [leaving.confirm_relieving(each) for each in holders(x)],
    "leaving.left": lambda x: [leaving.left(each) for each in holders(x)],
    "leaving.last_coordinator": lambda _: [
        leaving.last_coordinator("ประจวบคีรีขันธ์", is_own=own) for own in (True, False)
    ],
    "digests.digest": lambda x: [digests.digest(digest_facts(x), TODAY)],
    "plan_summary.summary": lambda x: [
        plan_summary.summary(draft_facts(x), DATA),
        plan_summary.summary(draft_facts(x, left=99), DATA),
    ],
    "plan_chat.table": lambda x: [
        plan_chat.table(x.rows, page, 625, DATA, has_questions=has)
        for page in (1, 625)
        for has in (True, False)
    ],
    "plan_chat.ask_province": lambda x: [
        plan_chat.ask_province(every_doubt(x)[0][0], [(ProvinceId(1), "ประจวบคีรีขันธ์")] * 14, DATA)
    ],
    "plan_chat.ask_year": lambda x: [
        plan_chat.ask_year(doubt, [FiscalYear(2568)] * 4, DATA) for doubt, _ in every_doubt(x)
    ],
    "plan_chat.ask_one": lambda x: [
        plan_chat.ask_one(doubt, row, 99, DATA) for doubt, row in every_doubt(x)
    ],
    "plan_chat.ask_rows": lambda x: [plan_chat.ask_rows(x.rows, 99, DATA)],
    "plan_chat.ask_page": lambda x: [
        plan_chat.ask_page(every_doubt(x)[at : at + 8], 99, DATA)
        for at in range(0, len(DoubtCode), 8)
    ],
    "plan_chat.edited": lambda _: [plan_chat.edited("18.12", "พระนครศรีอยุธยา", FiscalYear(2567))],
    "plan_chat.replaced": lambda _: [plan_chat.replaced("พระนครศรีอยุธยา", FiscalYear(2567))],
    "plan_summary.same_as_in_force": lambda x: [plan_summary.same_as_in_force(draft_facts(x), 99)],
    "plan_summary.in_force": lambda x: [plan_summary.in_force(draft_facts(x), 99, 99_999)],
    "plan_chat.with_owner": lambda x: [plan_chat.with_owner(x.rows[-1], "", plan_chat.OWNERS[1])],
    "approval.card": lambda x: [
        approval.card(
            [approval.Waiting(each, lambda _: "1:approve:999999999:999999999") for each in duties],
            TODAY,
        )
        for duties in ([x.duty], x.duties)
    ],
    "approval.counts": lambda _: [
        approval.counts({f"18.{number}": (211, TODAY) for number in range(60)})
    ],
    "figures.corrected": lambda x: [figures.corrected(x.duty, FIGURE, on_behalf=True)],
    "figures.refused": lambda x: [figures.refused("approved_as_it_is", x.duty)],
    "figures.ask_which": lambda x: [figures.ask_which(x.duties, FIGURE)],
    "figures.with_unit": lambda _: [figures.with_unit("999999999.9999", FIGURE)],
    "problems.locked": lambda x: [
        problems.locked(x.duty, may_reopen=each) for each in (True, False)
    ],
    "province_settings.shown": lambda _: [
        province_settings.shown("ประจวบคีรีขันธ์", one_person=False, number=999_999_999, changes=True)
    ],
    "review.reviewed": lambda x: [review.reviewed(x.duty)],
    "review.not_reviewed": lambda x: [review.not_reviewed("own_report", x.duty)],
    "review.not_in_plan": lambda _: [review.not_in_plan("18.12", TYPED)],
    "review.agency_unknown": lambda _: [review.agency_unknown(TYPED)],
    "review.counts": lambda x: [review.counts(x.duties)],
    "review.nothing_waits": lambda _: [review.nothing_waits("18.12")],
    "review.card": lambda x: [review.card(x.duties, act_data)],
    "review.reopened": lambda x: [review.reopened(x.duty, Count(211, 211))],
    "review.not_reopened": lambda x: [review.not_reopened("not_a_coordinator", x.duty)],
    "review.ask_reason": lambda x: [review.ask_reason(x.duty, act_data)],
    "review.which_step": lambda x: [review.which_step(x.duties, TYPED, act_data)],
    "stuck.card": lambda x: [
        stuck.card([stuck.Stuck(each, MOMENT, MOMENT) for each in x.duties], act_data)
    ],
    "stuck.ask_answer": lambda x: [stuck.ask_answer(x.duty, act_data)],
    "stuck.which": lambda x: [stuck.which(x.duties, TYPED, act_data)],
    "stuck.nobody_stuck": lambda _: [stuck.nobody_stuck("18.12", TYPED)],
    "stuck.no_longer_stuck": lambda x: [stuck.no_longer_stuck(x.duty)],
    "stuck.answered": lambda x: [stuck.answered(x.duty, 0)],
    "stuck.answer": lambda x: stuck.answer(x.duty, TYPED[:500], button_data),
    "approval.returned": lambda x: [approval.returned(each) for each in ([x.duty], x.duties)],
    "approval.ask_reason": lambda x: [approval.ask_reason(x.duty)],
    "approval.not_waiting": lambda _: [approval.not_waiting("18.12")],
    "approval.no_longer_waiting": lambda x: [approval.no_longer_waiting(x.duty)],
    "approval.own_report": lambda x: [approval.own_report(x.duty)],
    "evidence.kept": lambda x: [evidence.kept(x.duty, EvidenceKind.PHOTO, 20, on_behalf=True)],
    "evidence.pieces": lambda _: [evidence.pieces(20)],
    "evidence.already_kept": lambda x: [evidence.already_kept(x.duty)],
    "evidence.has_enough": lambda x: [evidence.has_enough(x.duty, 20)],
    "evidence.send_it": lambda x: [
        evidence.send_it(x.duty, in_group=each) for each in (True, False)
    ],
    "evidence.needed_first": lambda x: [
        evidence.needed_first(x.duty, in_group=each) for each in (True, False)
    ],
    "evidence.ask_which": lambda x: [
        evidence.ask_which(
            [x.duty, *x.duties],
            lambda each: evidence_data(each.duty_id, EvidenceKind.FILE, "1" * 30, ".docx"),
        )
    ],
    "evidence.ask_which_typed": lambda x: [
        evidence.ask_which_typed([x.duty, *x.duties], link) for link in ("", "https://a.go.th")
    ],
    "evidence.title": lambda x: [evidence.title([x.duty])],
    "evidence.nothing": lambda x: [evidence.nothing([x.duty])],
    "evidence.shown": lambda x: [
        evidence.shown([x.duty], evidence_rows(x), total) for total in (10, 20)
    ],
    "evidence.rule_set": lambda _: [
        evidence.rule_set("18.12", step, is_needed=each)
        for step in (None, 12)
        for each in (True, False)
    ],
    "evidence.rule_was_so": lambda _: [
        evidence.rule_was_so("18.12", is_needed=each) for each in (True, False)
    ],
    "evidence.on_status": lambda x: [
        "\n".join(
            evidence.on_status(
                [
                    x.duty,
                    *[
                        replace(
                            x.duty,
                            needs_evidence=True,
                            link="",
                            state=DutyState.DONE,
                            duty_id=DutyId(1),
                        )
                    ]
                    * 18,
                ],
                {x.duty.duty_id: 20},
            )
        )
    ],
    "evidence.on_card": lambda x: [
        evidence.on_card(replace(x.duty, needs_evidence=True, link=""), count) for count in (0, 20)
    ],
    "problems.other_agency": lambda x: [problems.other_agency(x.agency)],
    "problems.changed_since": lambda x: [problems.changed_since(x.duty, TODAY)],
    "problems.already_so": lambda x: [problems.already_so(x.duty)],
    "problems.must_be_done": lambda x: [problems.must_be_done(x.duty)],
    "problems.nothing_to_undo": lambda x: [problems.nothing_to_undo(x.duty)],
    "problems.too_late_to_undo": lambda x: [problems.too_late_to_undo(x.duty)],
    "problems.district_unknown": lambda _: [problems.district_unknown("ก" * 30)],
    "problems.no_such_number": lambda _: [problems.no_such_number("18.12")],
    "problems.not_your_number": lambda _: [problems.not_your_number("18.12")],
    "problems.agency_not_yours": lambda _: [problems.agency_not_yours(TYPED)],
    "problems.agency_not_seen": lambda _: [problems.agency_not_seen(TYPED)],
    "reminder_settings.shown": lambda x: [
        reminder_settings.shown(
            PROVINCE_NAME,
            MUCH_REMINDED,
            [quiet.in_force(x.agency, MOMENT.date(), TYPED)] * 5,
            changed=ReminderSetting.BEFORE,
            receipt=reporting.receipt(1, 999_999_999, MOMENT),
        )
    ],
    "reminder_settings.refused": lambda _: [
        reminder_settings.refused(setting, why, (1, 365), MUCH_REMINDED)
        for setting in reminder_settings.NAMES
        for why in PolicyRefusal
    ],
    "reminder_settings.not_understood": lambda _: [
        reminder_settings.not_understood(setting, MUCH_REMINDED)
        for setting in (None, *reminder_settings.NAMES)
    ],
    "reminder_settings.written": lambda _: [
        reminder_settings.written(each, MUCH_REMINDED) for each in reminder_settings.NAMES
    ],
    "reminder_settings.holidays": lambda _: [
        reminder_settings.holidays([(MOMENT.date(), TYPED)] * 40, [(MOMENT.date(), TYPED)] * 12)
    ],
    "reminder_settings.day_set": lambda _: [
        reminder_settings.day_set(MOMENT.date(), TYPED, is_day_off=is_off, receipt="เลขที่ ๑")
        for is_off in (True, False)
    ],
    "reminder_settings.day_refused": lambda _: [
        reminder_settings.day_refused(MOMENT.date(), why, MOMENT.date(), MOMENT.date())
        for why in DayRefusal
    ],
    "quiet.promised": lambda x: [quiet.promised(x.duty, MOMENT.date(), MOMENT.date(), "เลขที่ ๑")],
    "quiet.promise_refused": lambda x: [
        quiet.promise_refused(
            x.duty,
            why,
            MOMENT.date() if why in (QuietRefusal.NOT_AHEAD, QuietRefusal.TOO_LATE) else None,
            60,
        )
        for why in QuietRefusal
    ],
    "quiet.ask_until": lambda _: [quiet.ask_until("18.12")],
    "quiet.ask_mute": lambda x: [quiet.ask_mute(x.agency), quiet.ask_mute(None)],
    "quiet.quiet": lambda x: [
        quiet.quiet(each, MOMENT.date(), "เลขที่ ๑") for each in (x.agency, None)
    ],
    "quiet.quiet_refused": lambda x: [
        quiet.quiet_refused(each, why, MOMENT.date(), 90)
        for each in (x.agency, None)
        for why in QuietRefusal
    ],
    "quiet.resumed": lambda x: [
        quiet.resumed(each, entered) for each in (x.agency, None) for entered in ("", "เลขที่ ๑")
    ],
    "quiet.resume_button": lambda x: [
        Text("-", (quiet.resume_button(each),)) for each in (x.agency, None)
    ],
    "quiet.in_force": lambda x: [quiet.in_force(x.agency, MOMENT.date(), TYPED)],
    "reminder_reasons.reminded": lambda x: [
        reminder_reasons.reminded(MOMENT, decided(x, NoticeKind.BEFORE, None) * 40)
    ],
    "reminder_reasons.not_reminded": lambda x: [
        reminder_reasons.not_reminded(
            x.agency,
            decided(x, kind, reason) * 40,
            quiet.in_force(x.agency, MOMENT.date(), TYPED),
            (quiet.resume_button(x.agency),),
        )
        for kind in NoticeKind
        for reason in (None, *Reason)
    ],
    "reminder_reasons.offset": lambda _: [
        reminder_reasons.offset(kind, 365) for kind in NoticeKind
    ],
    "record.history": lambda x: [record.history(TYPED, [(entry_told(x), MOMENT)] * 10)],
    "record.title": lambda x: [record.title("18.12", x.agency.name)],
    "record.seal_line": lambda _: [record.seal_line(Seal(999_999_999, "f" * 64))],
    "record.what": lambda x: [record.what(entry_told(x))],
    "record.who": lambda x: [record.who(entry_told(x))],
    "record.label": lambda x: [record.label(entry_told(x))],
    "reminders.reminder": lambda x: [
        reminders.reminder(duties, TODAY, button_data) for duties in ([x.duty], x.duties)
    ],
    "reporting.recorded": lambda x: [
        reporting.recorded(x.duty, state, Count(211, 212)) for state in DutyState
    ],
    "reporting.numbered": lambda x: [
        reporting.numbered(reporting.recorded(x.duty, x.duty.state, Count(211, 212)), 999_999_999)
    ],
    "reporting.receipt": lambda _: [reporting.receipt(999_999_980, 999_999_999, MOMENT)],
    "reporting.confirm_by_message": lambda x: [
        reporting.confirm_by_message(x.duty, state) for state in REPORTABLE
    ],
    "reporting.not_yet": lambda _: [reporting.not_yet(["18.12"] * 18)],
    "reporting.ask_reason": lambda x: [
        reporting.ask_reason(x.duty, state) for state in (DutyState.STUCK, DutyState.NOT_NEEDED)
    ],
    "reporting.ask_which": lambda x: [
        reporting.ask_which([x.duty, *x.duties], state, reason, button_data)
        for state, reason in ((DutyState.DONE, ""), (DutyState.STUCK, TYPED), (DutyState.OPEN, ""))
    ],
}


SHOWN_IN_PRIVATE = {
    Command.REMINDER_SETTINGS,
    Command.HOLIDAYS,
    Command.PROMISE,
    Command.QUIET,
    Command.RESUME,
}
"""Commands whose answers, and so whose taps, are in 1:1 alone."""


def decided(x: Longest, kind: NoticeKind, reason: Reason | None) -> list[reminder_reasons.Line]:
    return [reminder_reasons.Line(x.duty, kind, 365, MOMENT.date(), reason)]


def constants(module: ModuleType) -> list[Text]:
    values = [*vars(module).values(), *problems.DRAFT_CLOSED.values()]
    return [value for value in values if isinstance(value, Text)]


def public_functions(module: ModuleType) -> set[str]:
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for name, value in vars(module).items()
        if inspect.isfunction(value)
        and value.__module__ == module.__name__
        and not name.startswith("_")
    }


def test_no_wording_is_left_out() -> None:
    assert set(WORDINGS) == set().union(*map(public_functions, MODULES))


@pytest.mark.parametrize("wording", WORDINGS)
def test_the_longest_of_every_wording_is_accepted_whole(wording: str) -> None:
    said = WORDINGS[wording](longest())

    for each in said:
        part = Text(each) if isinstance(each, str) else each
        messages = line_messages([part], linked)
        assert limits.problems(messages) == []
        if isinstance(part, Text):
            assert messages[0]["text"] == part.text  # nothing had to be cut


@pytest.mark.parametrize("module", MODULES)
def test_every_fixed_sentence_is_accepted(module: ModuleType) -> None:
    found = constants(module)

    assert [limits.problems(line_messages([each], linked)) for each in found] == [[]] * len(found)


@pytest.mark.parametrize("in_group", [True, False], ids=["anywhere", "said in 1:1 alone"])
def test_whatever_a_tap_sends_as_a_message_is_a_command_where_it_is_tapped(
    *, in_group: bool
) -> None:
    x = replace(longest(), duty=make_duty(), duties=[make_duty(), make_duty(2)])
    private = (erasure, invitations, joining, leaving)
    modules = [each for each in MODULES if (each in private) is not in_group]
    names = {each.__name__.rpartition(".")[2] for each in modules}
    wordings = [make for name, make in WORDINGS.items() if name.partition(".")[0] in names]
    parts = [each for make in wordings for each in make(x) if not isinstance(each, str)]
    parts += [each for module in modules for each in constants(module)]

    sent = {button.text for part in parts for button in part.choices if isinstance(button, Say)}

    assert len(sent) > 5
    private = {
        each
        for each in sent
        if (said := understand(each, in_group=False)) and said.command in SHOWN_IN_PRIVATE
    }
    unknown = [
        each
        for each in sent - private
        if understand(each, in_group=in_group, guesses=False) is None
    ]
    assert unknown == []


def test_a_notification_says_it_all_in_one_line() -> None:
    card = reminders.reminder(longest().duties, TODAY, button_data)

    assert "\n" not in card.alt
    assert len(card.alt) <= 400
