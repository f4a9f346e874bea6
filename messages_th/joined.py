"""Wording of who has joined, who has not, and who cannot be reached."""

from collections.abc import Callable, Iterable, Sequence

from messages_th.answers import district_label
from messages_th.digits import to_thai_digits
from messages_th.parts import Say, Text
from messages_th.phrases import agency_label, shorten
from store.types import Joined

NOT_JOINED, CUT_OFF, OUTSIDE = "ยังไม่ลงทะเบียน", "ติดต่อไม่ได้", "ออกจากกลุ่มแล้ว"
PARTLY = "ติดต่อไม่ได้บางคน"
ASK = "ใครยังไม่ลงทะเบียน"
LONGEST = 4500
"""UTF-16 units of one answer; LINE takes 5,000."""
MOST_CHOICES = 12
MOST_NAMES = (1000, 12, 8, 5, 3, 2, 1, 0)
"""Names of one list, tried in this order until the answer is short enough."""
LONGEST_DISTRICT = 17
"""Letters of a district on a button, behind "อ."."""
LISTS: tuple[tuple[str, Callable[[Joined], bool]], ...] = (
    (NOT_JOINED, lambda each: each.officers == 0),
    (CUT_OFF, lambda each: each.is_cut_off),
    (PARTLY, lambda each: 0 < each.reachable < each.officers),
    (OUTSIDE, lambda each: each.outside > 0),
)


def counts(area: str, found: Sequence[Joined]) -> Text:
    """Return how many have joined, in one line for the group: no name of anybody."""
    cut_off = sum(each.is_cut_off for each in found)
    more = f" ติดต่อไม่ได้ {to_thai_digits(cut_off)} แห่ง" if cut_off else ""
    return Text(f"{area} ลงทะเบียนแล้ว {_out_of(found)} หน่วยงาน{more} (รายชื่อ: ถามในแชตส่วนตัวกับบอต)")


def by_district(area: str, found: Sequence[Joined]) -> Text:
    """Return by district how many have joined and which agencies have not or cannot be reached.

    Where not all names have room, how many more there are, and a button for each such district.
    """
    places = _places(found)
    title = f"{area} ลงทะเบียนแล้ว {_out_of(found)} หน่วยงาน"
    text = title
    for most in MOST_NAMES:
        text = "\n".join([title, *(_place(name, each, most) for name, each in places.items())])
        if _units(text) <= LONGEST:
            break
    cut = [
        name
        for name, each in places.items()
        if name and any(len(names) > most for _, names in _lists(each))
    ]
    return Text(
        text,
        choices=tuple(
            Say(district_label(shorten(name, LONGEST_DISTRICT)), f"{ASK} {district_label(name)}")
            for name in cut[:MOST_CHOICES]
        ),
    )


def _places(found: Iterable[Joined]) -> dict[str, list[Joined]]:
    places: dict[str, list[Joined]] = {}
    for each in found:
        places.setdefault(each.agency.district, []).append(each)
    return places


def _place(name: str, found: Sequence[Joined], most: int) -> str:
    lists = "".join(
        f"\n  {label} ({to_thai_digits(len(names))}): {_some(names, most)}"
        for label, names in _lists(found)
    )
    return f"• {district_label(name) if name else 'ระดับจังหวัด'} {_out_of(found)}{lists}"


def _lists(found: Sequence[Joined]) -> list[tuple[str, list[str]]]:
    lists = [
        (label, [agency_label(each.agency) for each in found if belongs(each)])
        for label, belongs in LISTS
    ]
    return [(label, names) for label, names in lists if names]


def _some(names: Sequence[str], most: int) -> str:
    if most == 0:
        return "…"
    left = len(names) - most
    more = f" และอีก {to_thai_digits(left)}" if left > 0 else ""
    return ", ".join(names[:most]) + more


def _out_of(found: Sequence[Joined]) -> str:
    there = sum(each.officers > 0 for each in found)
    return f"{to_thai_digits(there)}/{to_thai_digits(len(found))}"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
