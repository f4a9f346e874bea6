"""Numbers of activities as people type them: "๑๑", "3,5 และ 8", "ข้อ 3-5", "7.1".  Pure.

All patterns are for text whose digits are Arabic already.
"""

import re

LONGEST_RANGE = 30
"""Activities that "3-5" may stand for; a longer range is a slip or something else."""

ITEM = r"(?:กิจกรรมที่|กิจกรรม|ข้อที่|ข้อ|รายการที่|ลำดับที่)"
"""What stands before a number that is an activity's."""

_NUMBER = r"[1-9]\d?(?:\.[1-9]\d?)?"
_NO_TIME = r"[1-9]\d?(?:\.(?:[1-9]|1[1-9]))?"
"""A number that is not a time of day: "8.30" and "13.10" are, "7.1" and "7.11" are not."""
_ALONE = r"(?<![\d./])0?{}(?![\d/:%])(?!\.\d)(?!,\d\d\d)"
_ONE = rf"(?:{ITEM}\s*{_ALONE.format(_NUMBER)}|{_ALONE.format(_NO_TIME)})"
_TO = r"\s*(?:[-\u2010-\u2015\u2212~]|ถึง)\s*"
_AND = r"\s*(?:,|และ|กับ|&|\+)\s*"
NUMBERS = rf"{_ONE}(?:(?:{_TO}|{_AND}|\s+){_ONE})*"
"""One number or several, joined by a comma, และ, a space, a dash.

"8.30" is a time unless the word ข้อ stands before it.
"""

_TOKEN = re.compile(rf"(?P<number>{_NUMBER})|(?P<to>{_TO})")

_COUNTED = re.compile(
    r"\s*(?:แห่ง|%|เปอร์|โมง|น\.|คะแนน|บาท|/"
    r"|(?:คน|ชุด|ราย|หน่วย(?:งาน)?|ครั้ง|วัน|สัปดาห์|เดือน|ปี|ข้อ|ฉบับ|เรื่อง|อัน|ตัว(?:ชี้วัด)?|ส่วน|นาที"
    r"|ชั่วโมง|อปท\.?|อำเภอ|ตำบล|เล่ม|หน้า|แผ่น|ไฟล์|รูป|กิจกรรม|โครงการ|ขั้น(?:ตอน)?|จุด|ประเด็น|ด้าน|อย่าง"
    r"|รอบ|รายการ|ที่|กลุ่ม)(?:$|\s|แล้ว|ครับ|ค่ะ|คะ|นะ|คือ|ที่|ยัง)"
    r"|(?:ม|ก|มี|เม|พ|มิ|ส|ต|ธ)\.\s?[คพย](?:\.|$|\s)|(?:มกรา|กุมภา|มีนา|เมษา|พฤษภา|มิถุนา|กรกฎา|สิงหา|กันยา|ตุลา|พฤศจิกา|ธันวา))"
)
"""What makes the number before it a count or a day: "๓ แห่ง" and "๓ ม.ค." are not activity 3."""


def is_counted(after: str) -> bool:
    """Whether the text behind a number makes it a count of something."""
    return _COUNTED.match(after) is not None


def read_numbers(text: str) -> tuple[str, ...]:
    """Return the numbers in text that `NUMBERS` matched, ranges written out, each once.

    Empty when a range runs backwards, is too long or mixes levels ("7.1-9").
    """
    numbers: list[str] = []
    is_range = False
    for token in _TOKEN.finditer(text):
        if token["to"]:
            is_range = True
            continue
        more = _range(numbers.pop(), token["number"]) if is_range else [token["number"]]
        if not more:
            return ()
        numbers += more
        is_range = False
    return tuple(dict.fromkeys(numbers))


def _range(first: str, last: str) -> list[str]:
    head, _, low = first.rpartition(".")
    other_head, _, high = last.rpartition(".")
    if head != other_head or not 0 < int(high) - int(low) < LONGEST_RANGE:
        return []
    start = f"{head}." if head else ""
    return [f"{start}{number}" for number in range(int(low), int(high) + 1)]
