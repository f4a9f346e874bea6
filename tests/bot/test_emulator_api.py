"""How the stand-in answers the bot's calls, as LINE does."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.bot.emulator_stage import KEY, Stage, fresh, open_stage

DAY = 24 * 60 * 60
NOBODY = "U" + "0" * 32
NOWHERE = "C" + "0" * 32


@pytest.fixture(scope="module")
def whole_stage() -> Iterator[Stage]:
    with open_stage() as stage:
        yield stage


@pytest.fixture
def stage(whole_stage: Stage) -> Stage:
    return fresh(whole_stage)


def billed(stage: Stage) -> int:
    return stage.line("message/quota/consumption").body["totalUsage"]


def test_a_call_without_the_token_is_refused(stage: Stage) -> None:
    answer = stage.line("message/quota", Authorization="Bearer other")

    assert answer.status == 401
    assert "invalid token" in answer.body["message"]


@pytest.mark.parametrize("path", ["message/quota", "profile/" + NOBODY, "no/such/call"])
def test_every_answer_has_a_request_id(stage: Stage, path: str) -> None:
    assert len(stage.line(path).headers["x-line-request-id"]) == 36


def test_a_body_over_two_megabytes_is_too_large(stage: Stage) -> None:
    assert stage.push(stage.person(), "x" * 2 * 1024 * 1024).status == 413


@pytest.mark.parametrize("raw", [b"{", b"[]", b"7", b"", b'{"a":' * 5000])
def test_a_body_that_is_no_request_is_refused(stage: Stage, raw: bytes) -> None:
    assert stage.line("message/push", raw).status == 400


def test_another_media_type_is_refused(stage: Stage) -> None:
    assert stage.line("message/push", b"{}", Content_Type="text/plain").status == 415


def test_a_reply_shows_its_messages_and_costs_nothing(stage: Stage) -> None:
    user = stage.person()
    stage.control("say", userId=user, text="สวัสดี")

    answer = stage.reply(
        stage.token(), {"type": "text", "text": "หนึ่ง"}, {"type": "text", "text": "สอง"}
    )

    shown = stage.read(f"transcript?chat={user}")[1:]
    assert [sent["id"] for sent in answer.body["sentMessages"]] == [
        each["messageId"] for each in shown
    ]
    assert [each["text"] for each in shown] == ["หนึ่ง", "สอง"]
    assert billed(stage) == 0


def test_a_reply_token_works_once(stage: Stage) -> None:
    stage.control("say", userId=stage.person(), text="สวัสดี")

    first, second = stage.reply(stage.token()), stage.reply(stage.token())

    assert (first.status, second.status) == (200, 400)
    assert second.body == {"message": "Invalid reply token"}


@pytest.mark.parametrize(("seconds", "status"), [(59, 200), (60, 400)])
def test_a_reply_token_lives_sixty_seconds(stage: Stage, seconds: int, status: int) -> None:
    stage.control("say", userId=stage.person(), text="สวัสดี")

    stage.control("clock", forwardSeconds=seconds)

    assert stage.reply(stage.token()).status == status


def test_the_minute_of_a_token_begins_with_the_delivery(stage: Stage) -> None:
    stage.control("say", userId=stage.person(), text="สวัสดี", deliver=False)
    stage.control("clock", forwardSeconds=90)

    stage.control("deliver")

    assert stage.reply(stage.token()).status == 200


@pytest.mark.parametrize(("seconds", "status"), [(20 * 60, 200), (20 * 60 + 1, 400)])
def test_a_redelivery_revives_a_token_for_twenty_minutes(
    stage: Stage, seconds: int, status: int
) -> None:
    stage.control("say", userId=stage.person(), text="สวัสดี")
    stage.control("clock", forwardSeconds=seconds)

    stage.control("redeliver")

    assert stage.reply(stage.token()).status == status


def test_a_faulty_reply_leaves_the_token_usable(stage: Stage) -> None:
    stage.control("say", userId=stage.person(), text="สวัสดี")

    faulty = stage.reply(stage.token(), {"type": "text", "text": ""})
    right = stage.reply(stage.token())

    assert faulty.body == {
        "message": "The request body has 1 error(s)",
        "details": [{"property": "messages[0].text", "message": "May not be empty"}],
    }
    assert right.status == 200


@pytest.mark.parametrize("path", ["message/reply", "message/validate/push", "message/quota"])
def test_a_retry_key_belongs_to_sends_only(stage: Stage, path: str) -> None:
    body = None if path == "message/quota" else {"messages": [{"type": "text", "text": "ก"}]}

    assert stage.line(path, body, X_Line_Retry_Key=KEY).status == 400


def test_a_retried_push_is_sent_once_and_answered_with_the_first_ids(stage: Stage) -> None:
    user = stage.person()

    first = stage.push(user, X_Line_Retry_Key=KEY)
    again = stage.push(user, X_Line_Retry_Key=KEY)

    assert (first.status, again.status) == (200, 409)
    assert again.body == {"message": "The retry key is already accepted", **first.body}
    assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert len(stage.read("ledger")["entries"]) == 1


@pytest.mark.parametrize(("seconds", "status"), [(DAY - 1, 409), (DAY, 200)])
def test_a_retry_key_is_known_for_a_day(stage: Stage, seconds: int, status: int) -> None:
    user = stage.person()
    stage.push(user, X_Line_Retry_Key=KEY)

    stage.control("clock", forwardSeconds=seconds)

    assert stage.push(user, X_Line_Retry_Key=KEY).status == status


def test_a_refused_push_does_not_use_up_its_retry_key(stage: Stage) -> None:
    stage.control("quota", limit=0)
    user = stage.person()

    refused = stage.push(user, X_Line_Retry_Key=KEY)
    stage.control("quota", limit=1)
    accepted = stage.push(user, X_Line_Retry_Key=KEY)

    assert (refused.status, accepted.status) == (429, 200)


def test_a_retry_key_must_be_a_uuid(stage: Stage) -> None:
    assert stage.push(stage.person(), X_Line_Retry_Key="again").status == 400


def test_a_group_push_costs_one_message_per_member_however_many_objects(stage: Stage) -> None:
    members = [stage.person(f"คนที่ {number}") for number in range(4)]
    group = stage.group(*members)

    stage.push(group, "หนึ่ง", "สอง", "สาม")

    [entry] = stage.read("ledger")["entries"]
    assert billed(stage) == 4
    assert (entry["billed"], entry["deliveredTo"]) == (4, members)


@pytest.mark.parametrize(
    "made", [pytest.param({"friend": False}, id="no friend"), pytest.param({}, id="blocked")]
)
def test_a_push_to_the_unreachable_is_dropped_without_a_word(
    stage: Stage, made: dict[str, Any]
) -> None:
    user = stage.person(**made)
    stage.control("unfollow", userId=user)

    answer = stage.push(user)

    [entry] = stage.read("ledger")["entries"]
    assert answer.status == 200
    assert len(answer.body["sentMessages"]) == 1
    assert (entry["billed"], entry["deliveredTo"]) == (0, [])
    assert stage.read(f"transcript?chat={user}") == []


@pytest.mark.parametrize(("days", "reached"), [(6, 1), (7, 0)])
def test_who_wrote_within_seven_days_is_reached_without_being_a_friend(
    stage: Stage, days: int, reached: int
) -> None:
    user = stage.person(friend=False)
    stage.control("say", userId=user, text="สวัสดี")
    stage.control("clock", forwardSeconds=days * DAY)

    stage.push(user)

    assert billed(stage) == reached


@pytest.mark.parametrize("to", [NOBODY, NOWHERE])
def test_a_push_to_the_unknown_fails(stage: Stage, to: str) -> None:
    answer = stage.push(to)

    assert (answer.status, answer.body) == (400, {"message": "Failed to send messages"})


def test_a_push_to_a_group_without_the_bot_fails(stage: Stage) -> None:
    group = stage.group(stage.person())
    stage.control("leave", groupId=group)

    assert stage.push(group).body == {"message": "Failed to send messages"}


def test_a_push_to_no_id_at_all_is_faulty(stage: Stage) -> None:
    assert stage.push("somchai").body["details"][0]["property"] == "to"


def test_the_monthly_limit_stops_pushes_but_not_replies(stage: Stage) -> None:
    user, other = stage.person(), stage.person("สมชาย")
    group = stage.group(user, other)
    stage.control("quota", limit=300, used=299)
    stage.control("say", userId=user, text="สวัสดี")

    too_much, enough, reply = stage.push(group), stage.push(user), stage.reply(stage.token())

    assert (too_much.status, enough.status, reply.status) == (429, 200, 200)
    assert too_much.body == {"message": "You have reached your monthly limit."}
    assert stage.line("message/quota").body == {"type": "limited", "value": 300}


def test_the_quota_begins_again_with_lines_month(stage: Stage) -> None:
    user = stage.person()
    stage.control("quota", limit=1)
    stage.control("clock", now="2027-01-31T21:59:59+07:00")
    stage.push(user)

    before = stage.push(user).status
    stage.control("clock", now="2027-01-31T22:00:00+07:00")
    after = stage.push(user).status

    assert (before, after) == (429, 200)


def test_without_a_limit_the_quota_says_none(stage: Stage) -> None:
    assert stage.line("message/quota").body == {"type": "none"}


def test_a_multicast_passes_over_the_unreachable_and_costs_each_reached(stage: Stage) -> None:
    user, away = stage.person(), stage.person(friend=False)
    body = {"to": [user, away, NOBODY, user], "messages": [{"type": "text", "text": "ก"}]}

    answer = stage.line("message/multicast", body, X_Line_Retry_Key=KEY)
    again = stage.line("message/multicast", body, X_Line_Retry_Key=KEY)

    assert (answer.status, answer.body) == (200, {})
    assert (again.status, again.body) == (409, {"message": "The retry key is already accepted"})
    assert billed(stage) == 1


def test_a_multicast_takes_no_groups(stage: Stage) -> None:
    body = {"to": [stage.group()], "messages": [{"type": "text", "text": "ก"}]}

    assert stage.line("message/multicast", body).body["details"][0]["property"] == "to[0]"


@pytest.mark.parametrize("kind", ["reply", "push", "multicast", "narrowcast", "broadcast"])
def test_validation_checks_objects_and_sends_nothing(stage: Stage, kind: str) -> None:
    path = f"message/validate/{kind}"

    right = stage.line(path, {"messages": [{"type": "text", "text": "ก"}]})
    wrong = stage.line(path, {"messages": [{"type": "text"}]})

    assert (right.status, right.body) == (200, {})
    assert wrong.body["details"] == [
        {"property": "messages[0].text", "message": "May not be empty"}
    ]
    assert stage.read("ledger")["entries"] == []


def mention(user: str) -> dict[str, Any]:
    target = {"type": "mention", "mentionee": {"type": "user", "userId": user}}
    return {"type": "textV2", "text": "{who} {{ด่วน}}", "substitution": {"who": target}}


def test_a_member_can_be_mentioned_in_the_group(stage: Stage) -> None:
    user = stage.person("สมชาย")
    group = stage.group(user)

    answer = stage.line("message/push", {"to": group, "messages": [mention(user)]})

    assert answer.status == 200
    assert stage.read(f"transcript?chat={group}")[0]["text"] == "@สมชาย {ด่วน}"


def test_a_mention_is_refused_where_the_person_is_not(stage: Stage) -> None:
    user, stranger = stage.person(), stage.person("สมชาย")
    group = stage.group(user)

    in_group = stage.line("message/push", {"to": group, "messages": [mention(stranger)]})
    in_private = stage.line("message/push", {"to": user, "messages": [mention(user)]})

    assert (in_group.status, in_private.status) == (400, 400)
    assert stage.line("message/validate/push", {"messages": [mention(stranger)]}).status == 200


def test_a_quote_token_works_in_its_own_chat_only(stage: Stage) -> None:
    user, other = stage.person(), stage.person("สมชาย")
    stage.control("say", userId=user, text="เสร็จ 11")
    token = stage.bot.heard[-1].events[0]["message"]["quoteToken"]
    quoting = {"type": "text", "text": "รับทราบ", "quoteToken": token}

    here = stage.line("message/push", {"to": user, "messages": [quoting]})
    there = stage.line("message/push", {"to": other, "messages": [quoting]})

    assert (here.status, there.status) == (200, 400)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param([], 200, id="a friend"),
        pytest.param(["unfollow"], 404, id="who blocked"),
        pytest.param(["unfollow", "follow"], 200, id="who unblocked"),
    ],
)
def test_a_profile_is_given_of_who_can_be_reached(
    stage: Stage, changes: list[str], status: int
) -> None:
    user = stage.person("สมหญิง")
    for change in changes:
        stage.control(change, userId=user)

    answer = stage.line(f"profile/{user}")

    assert answer.status == status
    assert (answer.body.get("displayName") == "สมหญิง") is (status == 200)


def test_a_group_is_told_about_while_the_bot_is_inside(stage: Stage) -> None:
    user = stage.person("สมหญิง", friend=False)
    group = stage.group(user)

    summary = stage.line(f"group/{group}/summary").body
    count = stage.line(f"group/{group}/members/count").body
    member = stage.line(f"group/{group}/member/{user}").body
    ids = stage.line(f"group/{group}/members/ids").status
    stranger = stage.line(f"group/{group}/member/{NOBODY}").status
    left = stage.line(f"group/{group}/leave", {}, method="POST").status
    afterwards = stage.line(f"group/{group}/summary").status

    assert summary == {"groupId": group, "groupName": "คณะทำงาน ITA"}
    assert count == {"count": 1}
    assert member == {"userId": user, "displayName": "สมหญิง"}
    assert (ids, stranger, left, afterwards) == (403, 404, 200, 404)


@pytest.mark.parametrize(("seconds", "status"), [(5, 202), (60, 202), (7, 400), (65, 400)])
def test_loading_takes_steps_of_five_seconds(stage: Stage, seconds: int, status: int) -> None:
    body = {"chatId": stage.person(), "loadingSeconds": seconds}

    assert stage.line("chat/loading/start", body).status == status


def test_loading_is_for_one_to_one_chats(stage: Stage) -> None:
    assert stage.line("chat/loading/start", {"chatId": stage.group()}).status == 400


def test_deliveries_of_a_day_are_counted_from_the_next_day_on(stage: Stage) -> None:
    stage.push(stage.group(stage.person(), stage.person("สมชาย")))
    path = "message/delivery/push?date=20270105"

    same_day = stage.line(path).body
    stage.control("clock", forwardSeconds=DAY)
    next_day = stage.line(path).body

    assert same_day == {"status": "unready"}
    assert next_day == {"status": "ready", "success": 2}


def test_refused_calls_are_on_record_too(stage: Stage) -> None:
    stage.push(NOBODY)
    stage.push(stage.person())

    calls = stage.read("calls")["entries"]
    assert [(call["endpoint"], call["status"]) for call in calls] == [("push", 400), ("push", 200)]
    assert [entry["seq"] for entry in stage.read("calls?since=1")["entries"]] == [2]


def test_the_bot_is_told_whether_people_answer_in_its_chats(stage: Stage) -> None:
    before = stage.line("info").body
    stage.control("options", chat_on=True)

    after = stage.line("info").body

    assert (before["chatMode"], before["markAsReadMode"]) == ("bot", "auto")
    assert (after["chatMode"], after["markAsReadMode"]) == ("chat", "manual")


def test_an_answer_is_dated_by_the_stand_ins_clock(stage: Stage) -> None:
    stage.control("clock", now="2027-01-05T09:00:00+07:00")

    answer = stage.line("info")

    assert answer.headers["date"] == "Tue, 05 Jan 2027 02:00:00 GMT"
