"""What the stand-in takes for a message that LINE would refuse."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.emulator.counting import graphemes, utf16_units
from bot.emulator.limits import problems

NI = "นี้"
"""One grapheme, three code units: ก label of 20 of them is 60 units long."""


def text(**more: Any) -> dict[str, Any]:
    return {"type": "text", "text": "สวัสดี", **more}


def quick(*actions: dict[str, Any]) -> dict[str, Any]:
    return text(quickReply={"items": [{"type": "action", "action": each} for each in actions]})


def postback(**more: Any) -> dict[str, Any]:
    return {"type": "postback", "label": "เสร็จ", "data": "v1", **more}


def say(**more: Any) -> dict[str, Any]:
    return {"type": "message", "label": "เสร็จ", "text": "เสร็จ ๑๑", **more}


def link(uri: str, **more: Any) -> dict[str, Any]:
    return {"type": "uri", "label": "เปิด", "uri": uri, **more}


def picker(**more: Any) -> dict[str, Any]:
    return {"type": "datetimepicker", "label": "เลือกวัน", "data": "v1", "mode": "date", **more}


def template(**body: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "เตือน", "template": body}


def column(**more: Any) -> dict[str, Any]:
    return {"text": "ข้อ ๑๑", "actions": [say()], **more}


def bubble(*contents: dict[str, Any], layout: str = "vertical", **more: Any) -> dict[str, Any]:
    body = {"type": "box", "layout": layout, "contents": list(contents)}
    return {"type": "bubble", "body": body, **more}


def flex(contents: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "flex", "altText": "เตือน", "contents": contents, **more}


def words(value: str = "ข้อ ๑๑", **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": value, **more}


def mention(value: str, **substitution: dict[str, Any]) -> dict[str, Any]:
    return {"type": "textV2", "text": value, "substitution": substitution}


SOMEBODY = {"type": "mention", "mentionee": {"type": "user", "userId": "U" + "0" * 32}}
EMOJI = {"productId": "p", "emojiId": "1"}

ACCEPTED = [
    pytest.param(text(text="ก" * 5000), id="a text of 5,000 units"),
    pytest.param(text(text="$", emojis=[{"index": 0, **EMOJI}]), id="an emoji on its dollar"),
    pytest.param(text(sender={"name": "ก" * 20}), id="a sender's name of 20"),
    pytest.param(quick(*[postback()] * 13), id="13 quick replies"),
    pytest.param(quick(say(label=NI * 20)), id="a label of 20 graphemes and 60 units"),
    pytest.param(quick(postback(data="x" * 300)), id="data of 300"),
    pytest.param(quick(postback(displayText=NI * 300)), id="a display text of 300 graphemes"),
    pytest.param(
        quick(postback(inputOption="openKeyboard", fillInText="เหตุผล: ")), id="a filled keyboard"
    ),
    pytest.param(
        quick(picker(initial="2027-01-31", min="2027-01-01", max="2027-12-31")), id="a date picker"
    ),
    pytest.param(quick(picker(mode="datetime", initial="2027-01-31t08:30")), id="lower case t"),
    pytest.param(quick({"type": "camera", "label": "ถ่ายรูป"}), id="a camera quick reply"),
    pytest.param(
        template(type="buttons", text="ก" * 160, actions=[say(label="ก" * 20)] * 4),
        id="a full buttons template",
    ),
    pytest.param(template(type="confirm", text="ก" * 240, actions=[say()] * 2), id="a confirm"),
    pytest.param(template(type="carousel", columns=[column(text="ก" * 120)] * 10), id="10 columns"),
    pytest.param(
        template(
            type="image_carousel",
            columns=[{"imageUrl": "https://a.go.th/a.png", "action": say(label="ก" * 12)}],
        ),
        id="an image carousel",
    ),
    pytest.param(flex(bubble()), id="an empty box"),
    pytest.param(
        flex(
            bubble(
                words(wrap=True, size="sm", color="#06703a", margin="md", flex=0),
                {"type": "separator", "margin": "12px"},
                {
                    "type": "box",
                    "layout": "baseline",
                    "contents": [{"type": "icon", "url": "https://a.go.th/i.png"}, words()],
                    "paddingAll": "5%",
                    "offsetTop": "-2px",
                    "action": {"type": "uri", "uri": "https://a.go.th"},
                },
                {"type": "text", "contents": [{"type": "span", "text": "เลย", "weight": "bold"}]},
                {"type": "button", "action": say(label="ก" * 40), "style": "primary"},
                {"type": "filler"},
                size="giga",
                hero={"type": "image", "url": "https://a.go.th/a.png", "aspectRatio": "1.91:1"},
                styles={"footer": {"separator": True}},
            )
        ),
        id="every component",
    ),
    pytest.param(flex({"type": "carousel", "contents": [bubble(words())] * 12}), id="12 bubbles"),
    pytest.param(mention("{a} ครับ {{ฉบับร่าง}}", a=SOMEBODY), id="a mention and literal braces"),
    pytest.param(
        {"type": "location", "title": "a", "address": "b", "latitude": 18.8, "longitude": 98.9},
        id="a location",
    ),
]

REFUSED = [
    pytest.param({}, "type", id="no type"),
    pytest.param({"type": "poem"}, "type", id="an unknown type"),
    pytest.param({"type": "text"}, "text", id="no text"),
    pytest.param(text(text=""), "text", id="an empty text"),
    pytest.param(text(text=" \n"), "text", id="a blank text"),
    pytest.param(text(text="ก" * 5001), "text", id="a text of 5,001"),
    pytest.param(text(text="😀" * 2501), "text", id="5,002 units in 2,501 emoji"),
    pytest.param(text(text=7), "text", id="a number for a text"),
    pytest.param(text(text="\ud800"), "text", id="half a surrogate pair"),
    pytest.param(text(size="md"), "size", id="an unknown property"),
    pytest.param(text(emojis=[{"index": 1, **EMOJI}]), "emojis[0].index", id="no dollar there"),
    pytest.param(text(sender={"name": "LINE ครับ"}), "sender.name", id="a sender called LINE"),
    pytest.param(text(quickReply={"items": []}), "quickReply.items", id="no quick reply"),
    pytest.param(quick(*[postback()] * 14), "quickReply.items", id="14 quick replies"),
    pytest.param(quick(say(label="ก" * 21)), "quickReply.items[0].action.label", id="label of 21"),
    pytest.param(
        quick({"type": "message", "text": "a"}), "quickReply.items[0].action.label", id="no label"
    ),
    pytest.param(quick(say(text="ก" * 301)), "quickReply.items[0].action.text", id="text of 301"),
    pytest.param(
        quick(postback(data="x" * 301)), "quickReply.items[0].action.data", id="long data"
    ),
    pytest.param(quick(postback(data="")), "quickReply.items[0].action.data", id="empty data"),
    pytest.param(
        quick(postback(displayText="ก" * 301)),
        "quickReply.items[0].action.displayText",
        id="a display text of 301",
    ),
    pytest.param(
        quick(postback(text="เก่า")), "quickReply.items[0].action.text", id="old text in quick reply"
    ),
    pytest.param(
        quick(postback(fillInText="x")), "quickReply.items[0].action.fillInText", id="no keyboard"
    ),
    pytest.param(
        quick(postback(inputOption="openDoor")),
        "quickReply.items[0].action.inputOption",
        id="input",
    ),
    pytest.param(
        quick({"type": "richmenuswitch", "label": "a", "data": "b", "richMenuAliasId": "c"}),
        "quickReply.items[0].action.type",
        id="a rich menu switch outside a rich menu",
    ),
    pytest.param(
        quick(link("ftp://a.go.th")), "quickReply.items[0].action.uri", id="an unknown scheme"
    ),
    pytest.param(
        quick(link("https://a.go.th/แผน")), "quickReply.items[0].action.uri", id="a bare Thai path"
    ),
    pytest.param(
        quick(link("https://a.go.th/" + "x" * 985)),
        "quickReply.items[0].action.uri",
        id="uri 1,001",
    ),
    pytest.param(
        quick(link("https://a.go.th", altUri={"desktop": "https://a.go.th"})),
        "quickReply.items[0].action.altUri",
        id="altUri outside Flex",
    ),
    pytest.param(
        quick(picker(initial="2027-02-30")), "quickReply.items[0].action.initial", id="30 February"
    ),
    pytest.param(
        quick(picker(initial="2570-01-01")), "quickReply.items[0].action.initial", id="a พ.ศ. year"
    ),
    pytest.param(
        quick(picker(min="2027-02-01", max="2027-01-01")),
        "quickReply.items[0].action.max",
        id="max before min",
    ),
    pytest.param(
        template(type="buttons", text="ก" * 161, actions=[say()]), "template.text", id="text of 161"
    ),
    pytest.param(
        template(type="buttons", title="a", text="ก" * 61, actions=[say()]),
        "template.text",
        id="text of 61 under a title",
    ),
    pytest.param(
        template(type="buttons", text="a", actions=[say()] * 5), "template.actions", id="5 actions"
    ),
    pytest.param(
        template(type="buttons", text="a", actions=[say(label=NI * 21)]),
        "template.actions[0].label",
        id="a template label of 21",
    ),
    pytest.param(
        template(type="buttons", text="a", actions=[{"type": "camera", "label": "a"}]),
        "template.actions[0].type",
        id="a camera outside quick replies",
    ),
    pytest.param(
        template(type="confirm", text="a", actions=[say()]), "template.actions", id="a confirm of 1"
    ),
    pytest.param(
        template(type="carousel", columns=[column()] * 11), "template.columns", id="11 columns"
    ),
    pytest.param(
        template(type="carousel", columns=[column(), column(actions=[say()] * 2)]),
        "template.columns",
        id="columns with unequal actions",
    ),
    pytest.param(
        template(type="carousel", columns=[column(), column(title="a")]),
        "template.columns",
        id="a title in one column only",
    ),
    pytest.param(flex(bubble(), altText="ก" * 1501), "altText", id="an alt text of 1,501"),
    pytest.param(flex(bubble(), altText=""), "altText", id="an empty alt text"),
    pytest.param(flex({"type": "bubble"}), "contents", id="a bubble without a block"),
    pytest.param(flex(bubble(words(""))), "contents.body.contents[0].text", id="empty words"),
    pytest.param(
        flex(bubble({"type": "text"})), "contents.body.contents[0].text", id="words without text"
    ),
    pytest.param(
        flex(bubble(words(colour="#ff0000"))), "contents.body.contents[0].colour", id="misspelt"
    ),
    pytest.param(
        flex(bubble(words(color="red"))), "contents.body.contents[0].color", id="a colour's name"
    ),
    pytest.param(
        flex(bubble(words(size="huge"))), "contents.body.contents[0].size", id="an unknown size"
    ),
    pytest.param(
        flex(bubble(words(wrap="true"))), "contents.body.contents[0].wrap", id="text for a boolean"
    ),
    pytest.param(
        flex(bubble({"type": "button", "action": say(label="ก" * 41)})),
        "contents.body.contents[0].action.label",
        id="a Flex label of 41",
    ),
    pytest.param(
        flex(bubble({"type": "button", "action": {"type": "message", "text": "a"}})),
        "contents.body.contents[0].action.label",
        id="a Flex button without label",
    ),
    pytest.param(
        flex(bubble({"type": "icon", "url": "https://a.go.th/i.png"})),
        "contents.body.contents[0].type",
        id="an icon outside a baseline box",
    ),
    pytest.param(
        flex(bubble({"type": "button", "action": say()}, layout="baseline")),
        "contents.body.contents[0].type",
        id="a button in a baseline box",
    ),
    pytest.param(
        flex(bubble(words(gravity="center"), layout="baseline")),
        "contents.body.contents[0].gravity",
        id="gravity in a baseline box",
    ),
    pytest.param(
        flex(bubble({"type": "box", "layout": "vertical"})),
        "contents.body.contents[0].contents",
        id="a box without contents",
    ),
    pytest.param(
        flex(bubble({"type": "image", "url": "http://a.go.th/a.png"})),
        "contents.body.contents[0].url",
        id="a picture without https",
    ),
    pytest.param(
        flex(bubble({"type": "image", "url": "https://a.go.th/a.png", "aspectRatio": "1:4"})),
        "contents.body.contents[0].aspectRatio",
        id="too tall a picture",
    ),
    pytest.param(flex(bubble(words("ก" * 5200))), "contents", id="a bubble over 30 KB escaped"),
    pytest.param(
        flex({"type": "carousel", "contents": [bubble(words())] * 13}),
        "contents.contents",
        id="13 bubbles",
    ),
    pytest.param(
        flex({"type": "carousel", "contents": [bubble(words("ก" * 1800))] * 5}),
        "contents",
        id="a carousel over 50 KB escaped",
    ),
    pytest.param(
        flex({"type": "carousel", "contents": [bubble(), bubble(size="kilo")]}),
        "contents.contents",
        id="bubbles of two widths",
    ),
    pytest.param(mention("{a} {b}", a=SOMEBODY), "text", id="nothing for a placeholder"),
    pytest.param(mention("ข้อ {1"), "text", id="a lone brace"),
    pytest.param(
        mention("{a}" * 21, a=SOMEBODY),
        "text",
        id="21 mentions",
    ),
    pytest.param(mention("x", **{"ก": SOMEBODY}), "substitution.ก", id="a Thai key"),
    pytest.param(
        mention("{a}", a={"type": "mention", "mentionee": {"type": "user"}}),
        "substitution.a.mentionee.userId",
        id="a mention of nobody",
    ),
]


@pytest.mark.parametrize("message", ACCEPTED)
def test_a_message_at_its_limits_is_accepted(message: dict[str, Any]) -> None:
    assert problems([message]) == []


@pytest.mark.parametrize(("message", "where"), REFUSED)
def test_a_message_beyond_a_limit_is_refused_there(message: dict[str, Any], where: str) -> None:
    found = problems([message])

    assert [each["property"] for each in found] == [f"messages[0].{where}"]


@pytest.mark.parametrize("count", [0, 6])
def test_a_request_holds_one_to_five_messages(count: int) -> None:
    found = problems([text()] * count)

    assert found == [{"property": "messages", "message": "Size must be between 1 and 5"}]


def test_every_problem_of_a_request_is_told() -> None:
    found = problems([text(text=""), text(), quick(say(label=""), postback(data=""))])

    assert [each["property"] for each in found] == [
        "messages[0].text",
        "messages[2].quickReply.items[0].action.label",
        "messages[2].quickReply.items[1].action.data",
    ]


@pytest.mark.parametrize(
    ("written", "clusters", "units"),
    [
        pytest.param("", 0, 0, id="nothing"),
        pytest.param("เสร็จ", 4, 5, id="a vowel sign above belongs to its consonant"),
        pytest.param("นี้", 1, 3, id="vowel and tone mark together"),
        pytest.param("ทำ", 1, 2, id="SARA AM extends"),
        pytest.param("น้ำ", 1, 3, id="tone mark and SARA AM"),
        pytest.param("เ", 1, 1, id="a vowel in front stands alone"),
        pytest.param("๑๑", 2, 2, id="Thai digits"),
        pytest.param("e\u0301", 1, 2, id="a combining accent"),
        pytest.param("😀", 1, 2, id="an emoji"),
        pytest.param("👍🏽", 1, 4, id="an emoji with a skin tone"),
        pytest.param("👩\u200d💻", 1, 5, id="emoji joined"),
        pytest.param("🇹🇭🇯🇵", 2, 8, id="two flags"),
        pytest.param("\r\n\n", 2, 3, id="line ends"),
    ],
)
def test_a_text_is_counted_in_clusters_and_units(written: str, clusters: int, units: int) -> None:
    assert (graphemes(written), utf16_units(written)) == (clusters, units)


@given(st.text(), st.text())
def test_joining_texts_never_makes_more_clusters(first: str, second: str) -> None:
    assert graphemes(first + second) <= graphemes(first) + graphemes(second)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "text", "contents", "body", "action", "items"]), inner
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_at_all_breaks_the_judge(value: Any) -> None:
    for message in (value, flex(value), text(quickReply=value), template(type=value)):
        assert all(each.keys() == {"property", "message"} for each in problems([message]))
