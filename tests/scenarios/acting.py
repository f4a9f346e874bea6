"""Random acts of random people in two provinces, and the laws that hold after each of them.

Who acts, where and what is drawn by dice (`acts`) that Hypothesis seeds.  Each event is answered
and committed.  Whatever row of a fact has then changed must be explained by a law of its table: a
row without one must not change at all, so a new table needs a law before anything is written there.
"""

import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from bot.clock import bangkok_date
from handlers import dispatch, record_audit
from handlers.turn import Event, Followed, Source, Unfollowed
from messages_th.digits import to_arabic_digits
from messages_th.parts import Part, to_json
from store import agencies
from store.database import Engine, transaction
from store.types import (
    ABOUT_DUTIES,
    OF_DUTIES,
    OF_REPORTS,
    Act,
    DraftState,
    DutyState,
    JoinOutcome,
    Role,
)
from tests.databases import Databases
from tests.factories import NOON
from tests.fakes import Drawer
from tests.scenarios.acts import Doing, Tap, drawn, meant
from tests.scenarios.acts import Event as Wordless
from tests.scenarios.facts import Change, Facts, Row, activity_of, instant, look
from tests.scenarios.rights import DEEDS, FOR_ANYBODY, IN_PRIVATE, MOVES, Deed, Held, Spot, may
from tests.scenarios.two_provinces import (
    HERES,
    MARKS,
    THERE,
    THERES,
    TWO_PROVINCES,
    UNBOUND,
)
from tests.stage import user_id

STEPS = 10
"""Acts of one sequence."""
ASKS_TO_JOIN = "ขอเข้าร่วม"
NOBODY = ""
"""LINE does not always name who tapped in a group."""
CHATS = (*("",) * 8, HERES, HERES, THERES, UNBOUND)
HOURS = (0, 0, 0, 1, 30)
WITH_RECEIPT = {*ABOUT_DUTIES, Act.SETTING_CHANGED, Act.EVIDENCE_RULE} - {Act.EVIDENCE_WITHDRAWN}
"""Acts whose number the answer tells; who unsends a message hears nothing."""
UNDO_WITHIN = timedelta(hours=24)
RECEIPT = re.compile(r"(?<!\()เลขที่ (\d+)(?:-(\d+))?")
"""In brackets it is history that names the number of what was done before."""


CODE = re.compile("[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")


@dataclass
class Tally:
    """What many sequences saw."""

    sequences: int = 0
    acts: int = 0
    entries: int = 0
    """Made by the acts."""
    refused: int = 0
    """Acts after which no fact had changed."""
    done: Counter[tuple[Role, Deed]] = field(default_factory=Counter)
    """How often somebody did something by right of a post of that role."""

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.sequences + other.sequences,
            self.acts + other.acts,
            self.entries + other.entries,
            self.refused + other.refused,
            self.done + other.done,
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """One act with what was so before and after it."""

    who: str
    group: str
    doing: Doing
    now: datetime
    before: Facts
    after: Facts
    said: str
    """All that the bot answered."""

    @property
    def person(self) -> Row | None:
        """The row of who acted, as it was before."""
        found = (each for each in self.before.all("person") if each["line_user_id"] == self.user)
        return next(found, None)

    @property
    def user(self) -> str:
        """The LINE user id."""
        return user_id(self.who) if self.who else ""

    @property
    def posts(self) -> list[Held]:
        """The posts that who acted held."""
        person = self.person
        return [
            Held(Role(post["role"]), post["province_id"], post["district_id"], post["agency_id"])
            for post in self.before.all("post")
            if person is not None and post["person_id"] == person["id"]
            if instant(post["from_at"]) <= self.now
            if post["until_at"] is None or self.now < instant(post["until_at"])
        ]

    @property
    def group_province(self) -> int | None:
        """The province that the group was bound to."""
        chats = self.before.all("chat")
        return next((c["province_id"] for c in chats if c["line_chat_id"] == self.group), None)

    @property
    def entries(self) -> list[Row]:
        """The entries of the record that came."""
        known = {each["id"] for each in self.before.all("record_entry")}
        return [each for each in self.after.all("record_entry") if each["id"] not in known]

    def entered(self, *acts: Act, **columns: Any) -> bool:
        """Whether an entry of one of these acts came, with these columns or details."""
        return any(
            each["act"] in acts and columns.items() <= (each | json.loads(each["details"])).items()
            for each in self.entries
        )

    def spot(self, duty: Row) -> Spot:
        """Return where a duty is done."""
        agency = self.before.row("agency", duty["agency_id"])
        return Spot(agency["province_id"], agency["district_id"], agency["id"])

    def may(self, deed: Deed, spot: Spot) -> bool:
        """Whether who acted may do that there, in this chat."""
        if self.group and deed in IN_PRIVATE:
            return False
        if self.group and deed is not Deed.BIND_GROUP and self.group_province != spot.province:
            return False
        return bool(self.who) and may(self.posts, deed, spot)


Law = Callable[[Seen, Change], bool]


def _entry(seen: Seen, change: Change) -> bool:
    """An entry is added, is of who acted, and they may do that there, as things stood."""
    entry = change.added
    if entry is None:
        return False
    act = Act(entry["act"])
    deed, spot = DEEDS[act], Spot(entry["province_id"])
    if act in ABOUT_DUTIES:
        duty = seen.before.row("duty", entry["duty_id"])
        spot = seen.spot(duty)
        if act in OF_REPORTS and not _is_move(seen, act, duty):
            return False
        if act is Act.REVIEWED and _newest_report(seen, duty)["person_id"] == entry["person_id"]:
            return False
    if act is Act.EVIDENCE_WITHDRAWN:
        # What somebody has sent they may unsend, wherever they are and whatever they have left.
        return bool((seen.person or {}).get("id") == entry["person_id"])
    is_own = deed in FOR_ANYBODY or (seen.person or {}).get("id") == entry["person_id"]
    if (
        deed is Deed.END_POST
        and is_own
        and json.loads(entry["details"])["of"] == entry["person_id"]
    ):
        return not seen.group
    return is_own and entry["province_id"] == spot.province and seen.may(deed, spot)


def _is_move(seen: Seen, act: Act, duty: Row) -> bool:
    """Whether the act may bring the duty from where it stood to where it stands."""
    origins, ends = MOVES[act]
    state, to = DutyState(duty["state"]), DutyState(seen.after.row("duty", duty["id"])["state"])
    if state not in origins or to not in ends:
        return False
    if act in (Act.TAKEN_BACK, Act.CORRECTED):
        if _is_locked(seen, duty):
            return False
        coordinates = any(post.role is Role.COORDINATOR for post in seen.posts)
        return coordinates or seen.now - instant(duty["changed_at"]) <= UNDO_WITHIN
    if act is Act.REPORTED and to in (DutyState.DONE, DutyState.REPORTED):
        return (to is DutyState.REPORTED) == _needs_approval(seen, duty)
    if act is Act.REPORTED and to is DutyState.NOT_NEEDED:
        return bool(activity_of(seen.before, duty)["number"] == "3")
    if DEEDS[act] is Deed.JUDGE:
        province = seen.before.row("province", seen.spot(duty).province)
        is_another = _newest_report(seen, duty)["person_id"] != (seen.person or {}).get("id")
        return is_another or bool(province["one_person_may_approve"])
    return True


def _newest_report(seen: Seen, duty: Row) -> Row:
    return [each for each in seen.before.all("report") if each["duty_id"] == duty["id"]][-1]


def _is_locked(seen: Seen, duty: Row) -> bool:
    """Whether what stands was reviewed: then it is opened again by a coordinator, or stands."""
    newest = _newest_report(seen, duty)["id"]
    return any(each["report_id"] == newest for each in seen.before.all("review"))


def _needs_approval(seen: Seen, duty: Row) -> bool:
    """Whether the executive has to approve it, and there is one."""
    activity, step = activity_of(seen.before, duty), seen.before.row("step", duty["step_id"])
    is_of_two = "อนุมัติ" in activity["title"] or "ผู้บริหาร" in step["title"]
    return is_of_two and any(
        post["role"] == Role.EXECUTIVE and post["agency_id"] == duty["agency_id"]
        for post in seen.before.all("post")
        if post["until_at"] is None
    )


def _report(seen: Seen, change: Change) -> bool:
    """A report is added, and one entry tells of it."""
    report = change.added
    return report is not None and seen.entered(
        *OF_REPORTS, duty_id=report["duty_id"], report=report["id"], state=report["state"]
    )


def _duty(seen: Seen, change: Change) -> bool:
    """A duty moves by an entry that says to which state; a plan in force asks for it or not."""
    if change.columns and change.columns <= {"state", "reason", "changed_at"}:
        after = change.after or {}
        return seen.entered(*OF_DUTIES, duty_id=after["id"], state=after["state"])
    is_plans = change.before is None or change.columns == {"is_in_force"}
    return is_plans and seen.entered(Act.PLAN_IN_FORCE)


def _of_plan(seen: Seen, _: Change) -> bool:
    """What is in force changes by a plan that was put in force."""
    return seen.entered(Act.PLAN_IN_FORCE)


def _review(seen: Seen, change: Change) -> bool:
    """A review is added by an entry."""
    review = change.added
    return review is not None and seen.entered(
        Act.REVIEWED, review=review["id"], report=review["report_id"]
    )


def _stuck_answer(seen: Seen, change: Change) -> bool:
    """An answer is added by an entry."""
    answer = change.added
    return answer is not None and seen.entered(
        Act.ANSWERED, answer=answer["id"], report=answer["report_id"]
    )


def _province(seen: Seen, change: Change) -> bool:
    """Of a province only what it decides for itself changes, by an entry."""
    is_setting = change.columns == {"one_person_may_approve"}
    return is_setting and seen.entered(Act.SETTING_CHANGED, province_id=(change.after or {})["id"])


def _draft(seen: Seen, change: Change) -> bool:
    """A draft is made and changed by who may change the plan of its province."""
    draft = change.after
    if change.columns == {"state", "closed_at"} and seen.entered(Act.POST_MOVED, Act.POST_ENDED):
        return draft is not None and draft["state"] == DraftState.CANCELLED
    return draft is not None and seen.may(Deed.CHANGE_PLAN, Spot(draft["province_id"]))


def _invitation(seen: Seen, change: Change) -> bool:
    """A code is made by who may invite, or hand the post over; then it is used or void, once."""
    code = change.after
    if code is None or change.before is not None:
        return change.columns == {"used_at"} and (change.before or {})["used_at"] is None
    if code["of_post_id"] is not None:
        post = seen.before.row("post", code["of_post_id"])
        is_own = post["person_id"] == (seen.person or {}).get("id")
        is_same = all(code[each] == post[each] for each in ("role", "province_id", "agency_id"))
        is_theirs = is_own or seen.may(Deed.END_POST, Spot(post["province_id"]))
        return is_same and post["until_at"] is None and is_theirs and not seen.group
    is_entered = seen.entered(Act.INVITED, role=code["role"], agency=code["agency_id"])
    return is_entered and seen.may(Deed.INVITE, Spot(code["province_id"]))


def _post(seen: Seen, change: Change) -> bool:
    """A post comes by an entry, and goes to its successor or ends by another; nothing else."""
    before, post = change.before, change.after
    if post is None:
        return False
    area = {"role": post["role"], "district": post["district_id"], "agency": post["agency_id"]}
    if before is None:
        came = (Act.POST_GIVEN, Act.POST_MOVED)
        by = {each.table for each in seen.before.changes(seen.after)}
        is_entered = any(seen.entered(e, person_id=post["person_id"], **area) for e in came)
        return is_entered and bool(by & {"invitation", "join_request"})
    ends = change.columns == {"until_at"} and before["until_at"] is None
    return ends and (
        seen.entered(Act.POST_MOVED, **area, **{"from": post["person_id"]})
        or seen.entered(Act.POST_ENDED, **area, of=post["person_id"])
    )


def _person(seen: Seen, change: Change) -> bool:
    """Of a person only the name, and whether they can be reached, changes by an event of theirs.

    Nobody becomes known by looking in: who does gets a post, or asks for one.
    """
    row = change.after or {}
    is_own = row.get("line_user_id") == seen.user
    if change.before is None:
        came = (Act.POST_GIVEN, Act.POST_MOVED)
        asks = any(each["person_id"] == row["id"] for each in seen.after.all("join_request"))
        return is_own and (asks or any(seen.entered(each, person_id=row["id"]) for each in came))
    return is_own and change.columns <= {"is_reachable", "reachable_changed_at", "display_name"}


def _join_request(seen: Seen, change: Change) -> bool:
    """Who asks to join asks for themselves, in private; who may admit decides, or the asker."""
    row = change.after
    if row is None or seen.group:
        return False
    asker = seen.after.row("person", row["person_id"])
    is_own = bool(asker["line_user_id"] == seen.user)
    if change.before is None or row["outcome"] == JoinOutcome.WITHDRAWN:
        return is_own
    agency = seen.before.row("agency", row["agency_id"])
    spot = Spot(agency["province_id"], agency["district_id"], agency["id"])
    is_theirs = (seen.person or {}).get("id") == row["decided_by_id"]
    return is_theirs and seen.may(Deed.ADMIT, spot)


def _chat(seen: Seen, change: Change) -> bool:
    """A group's row changes by what happened in it; it is bound by an entry."""
    row = change.after or {}
    if row.get("line_chat_id") != seen.group:
        return False
    if change.columns & {"province_id", "bound_at"}:
        return seen.entered(Act.GROUP_BOUND, chat=row["id"])
    return True


def _member(seen: Seen, change: Change) -> bool:
    """Who is in a group changes by what happened in it."""
    row = change.after or {}
    return bool(seen.after.row("chat", row["chat_id"])["line_chat_id"] == seen.group)


def _evidence_wait(seen: Seen, change: Change) -> bool:
    """The next file of who acted is for a duty that they may report on; a leaver's is for none."""
    wait = change.after or change.before or {}
    leaver = wait["person_id"]
    if change.after is None and (
        seen.entered(Act.POST_MOVED, **{"from": leaver}) or seen.entered(Act.POST_ENDED, of=leaver)
    ):
        return True
    if (seen.person or {}).get("id") != wait["person_id"]:
        return False
    return seen.may(Deed.REPORT, seen.spot(seen.before.row("duty", wait["duty_id"])))


def _evidence(seen: Seen, change: Change) -> bool:
    """Evidence is added by an entry; by another its sender takes it back, and its content goes."""
    row = change.after
    if row is None:
        return False
    act = Act.EVIDENCE_GIVEN if change.before is None else Act.EVIDENCE_WITHDRAWN
    is_own = (seen.person or {}).get("id") == row["person_id"]
    return is_own and seen.entered(act, evidence=row["id"], duty_id=row["duty_id"])


def _step(seen: Seen, change: Change) -> bool:
    """A step changes with its plan, or becomes one that needs evidence, or none."""
    if change.columns == {"needs_evidence"}:
        return seen.entered(Act.EVIDENCE_RULE, step=(change.after or {})["id"])
    return _of_plan(seen, change)


LAWS: dict[str, Law] = {
    "evidence": _evidence,
    "evidence_wait": _evidence_wait,
    "record_entry": _entry,
    "report": _report,
    "duty": _duty,
    "review": _review,
    "stuck_answer": _stuck_answer,
    "province": _province,
    "plan": _of_plan,
    "plan_version": _of_plan,
    "activity": _of_plan,
    "activity_party": _of_plan,
    "step": _step,
    "plan_draft": _draft,
    "invitation": _invitation,
    "person": _person,
    "post": _post,
    "join_request": _join_request,
    "chat": _chat,
    "chat_member": _member,
}
"""By what a row of a table may change; of any other table none may."""


def broken(seen: Seen) -> list[str]:
    """Return which laws the act broke, in words."""
    found = [
        f"{change.table}: {change}"
        for change in seen.before.changes(seen.after)
        if change.table not in LAWS or not LAWS[change.table](seen, change)
    ]
    told = Counter(each["number"] for each in seen.entries if each["act"] in WITH_RECEIPT)
    if told != receipts(seen.said):
        found.append(f"entered {sorted(told)}, acknowledged {sorted(receipts(seen.said))}")
    if leaks := told_of_there(seen):
        found.append(f"told {leaks} of another province: {seen.said}")
    if _must_count(seen) and not seen.entries:
        found.append(f"not counted, though it should be: {seen.said}")
    return found


def _must_count(seen: Seen) -> bool:
    """Whether this is a tap that has to be recorded: by the right person, on what is not done."""
    doing = seen.doing
    if not isinstance(doing, Tap) or doing.is_stale or doing.state is not DutyState.DONE:
        return False
    duty = meant(seen.before, seen.user, doing.duty)
    origins, _ = MOVES[Act.REPORTED]
    if seen.before.row("step", duty["step_id"])["needs_evidence"]:
        return False
    is_asked = bool(duty["is_in_force"]) and DutyState(duty["state"]) in origins
    return is_asked and seen.may(Deed.REPORT, seen.spot(duty))


def told_of_there(seen: Seen) -> list[str]:
    """Return what the answer tells of the other province to who has nothing to do with it."""
    there = next(each["id"] for each in seen.before.all("province") if each["name"] == THERE)
    if seen.group:
        is_theirs = seen.group_province == there
    else:
        comes = [*seen.entries, *seen.after.all("join_request")]
        is_theirs = any(each["province_id"] == there for each in comes) or any(
            post.province == there for post in seen.posts
        )
    words = str(seen.doing)
    if ASKS_TO_JOIN in words:
        is_theirs = True  # whoever asks for an agency by name hears of which district it is
    return [] if is_theirs else [m for m in MARKS if m in seen.said and m not in words]


def receipts(said: str) -> Counter[int]:
    """Return the numbers of the record that an answer acknowledges."""
    return Counter(
        number
        for first, last in RECEIPT.findall(to_arabic_digits(said))
        for number in range(int(first), int(last or first) + 1)
    )


def spoken(parts: Sequence[Part]) -> str:
    """Return all words of an answer."""
    return "\n".join(_words(to_json(parts)))


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [word for each in inner for word in _words(each)]


class World:
    """Two provinces in a fresh database, and the clock."""

    def __init__(self, engine: Engine, tally: Tally) -> None:
        self.engine, self.tally, self.now = engine, tally, NOON
        self._numbers = itertools.count(1)
        self.facts = look(engine)
        self._files = Drawer()

    def act(self, who: str, group: str, doing: Doing) -> Seen:
        """Let somebody do something; return what became of it."""
        number, before = next(self._numbers), self.facts
        user = user_id(who) if who else ""
        happening = doing.happening(before, user)
        source = Source(user, group)
        event = Event(f"event-{number}", source, f"token-{number}", self.now, happening)
        with transaction(self.engine) as session:
            today = bangkok_date(self.now)
            outcome = dispatch.answer(
                session, event, now=self.now, today=today, files=self._files, bot_id="@ita-test"
            )
        said = spoken(outcome.answer)
        self.facts = look(self.engine)
        self.facts.newest_code = next(iter(CODE.findall(said)), before.newest_code)
        seen = Seen(who, group, doing, self.now, before, self.facts, said)
        self._count(seen)
        return seen

    def faults(self) -> list[str]:
        """Return what is wrong with the records, and with what they add up to."""
        with transaction(self.engine) as session:
            return [
                str(fault)
                for province in agencies.provinces(session)
                for fault in record_audit.check(session, province).faults
            ]

    def _count(self, seen: Seen) -> None:
        tally = self.tally
        tally.acts += 1
        tally.entries += len(seen.entries)
        tally.refused += not seen.before.changes(seen.after)
        for entry in seen.entries:
            deed, act = DEEDS[Act(entry["act"])], Act(entry["act"])
            is_of_duty = act in ABOUT_DUTIES
            spot = (
                seen.spot(seen.before.row("duty", entry["duty_id"]))
                if is_of_duty
                else Spot(entry["province_id"])
            )
            for post in seen.posts:
                tally.done[post.role, deed] += may([post], deed, spot)


def machine(databases: Databases, tally: Tally) -> type[RuleBasedStateMachine]:
    """Return the machine that plays one sequence, each on a fresh copy of the two provinces."""

    class Acting(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.world = World(databases.fresh(TWO_PROVINCES), tally)
            self.drawn: Counter[int] = Counter()

        @rule(number=st.integers(0, 2**32 - 1))
        def act(self, number: int) -> None:
            # Hypothesis likes to draw the same again; a number that comes again is another act.
            self.drawn[number] += 1
            dice = Random(f"{number} {self.drawn[number]}")
            who, doing = drawn(dice)
            # LINE tells of who follows and blocks in no group.
            is_of_two = isinstance(doing, Wordless) and isinstance(
                doing.value, Followed | Unfollowed
            )
            group = "" if is_of_two else dice.choice(CHATS)
            if group and dice.random() < 0.2:
                who = NOBODY
            self.world.now += timedelta(hours=dice.choice(HOURS))
            note(f"{who or 'nobody'} in {group[:2] or '1:1'} at {self.world.now}: {doing}")

            seen = self.world.act(who, group, doing)

            found = broken(seen)
            assert not found, found

        def teardown(self) -> None:
            tally.sequences += 1
            faults = self.world.faults()
            assert not faults, faults

    return Acting


def play(databases: Databases, *, sequences: int, number: int, explains: bool = True) -> Tally:
    """Play so many sequences, the same for the same `number`; raise at the first broken law.

    Where `explains`, Hypothesis looks for the shortest such sequence before it raises.
    """
    tally = Tally()
    run_state_machine_as_test(
        seed(number)(machine(databases, tally)),
        settings=settings(
            max_examples=sequences,
            stateful_step_count=STEPS,
            database=None,
            deadline=None,
            phases=[Phase.generate, *([Phase.shrink] if explains else [])],
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
    return tally
