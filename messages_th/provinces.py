"""The 77 provinces: Thai and English names, and reading a province's name however it is typed.

English names and their spacing are the Royal Institute's romanisation, as on official maps.
Pure.
"""

import re
from collections.abc import Mapping

from messages_th.spelling import one_line

ENGLISH_NAMES: Mapping[str, str] = {
    "กรุงเทพมหานคร": "Bangkok",
    "กระบี่": "Krabi",
    "กาญจนบุรี": "Kanchanaburi",
    "กาฬสินธุ์": "Kalasin",
    "กำแพงเพชร": "Kamphaeng Phet",
    "ขอนแก่น": "Khon Kaen",
    "จันทบุรี": "Chanthaburi",
    "ฉะเชิงเทรา": "Chachoengsao",
    "ชลบุรี": "Chon Buri",
    "ชัยนาท": "Chai Nat",
    "ชัยภูมิ": "Chaiyaphum",
    "ชุมพร": "Chumphon",
    "เชียงราย": "Chiang Rai",
    "เชียงใหม่": "Chiang Mai",
    "ตรัง": "Trang",
    "ตราด": "Trat",
    "ตาก": "Tak",
    "นครนายก": "Nakhon Nayok",
    "นครปฐม": "Nakhon Pathom",
    "นครพนม": "Nakhon Phanom",
    "นครราชสีมา": "Nakhon Ratchasima",
    "นครศรีธรรมราช": "Nakhon Si Thammarat",
    "นครสวรรค์": "Nakhon Sawan",
    "นนทบุรี": "Nonthaburi",
    "นราธิวาส": "Narathiwat",
    "น่าน": "Nan",
    "บึงกาฬ": "Bueng Kan",
    "บุรีรัมย์": "Buri Ram",
    "ปทุมธานี": "Pathum Thani",
    "ประจวบคีรีขันธ์": "Prachuap Khiri Khan",
    "ปราจีนบุรี": "Prachin Buri",
    "ปัตตานี": "Pattani",
    "พระนครศรีอยุธยา": "Phra Nakhon Si Ayutthaya",
    "พะเยา": "Phayao",
    "พังงา": "Phang Nga",
    "พัทลุง": "Phatthalung",
    "พิจิตร": "Phichit",
    "พิษณุโลก": "Phitsanulok",
    "เพชรบุรี": "Phetchaburi",
    "เพชรบูรณ์": "Phetchabun",
    "แพร่": "Phrae",
    "ภูเก็ต": "Phuket",
    "มหาสารคาม": "Maha Sarakham",
    "มุกดาหาร": "Mukdahan",
    "แม่ฮ่องสอน": "Mae Hong Son",
    "ยโสธร": "Yasothon",
    "ยะลา": "Yala",
    "ร้อยเอ็ด": "Roi Et",
    "ระนอง": "Ranong",
    "ระยอง": "Rayong",
    "ราชบุรี": "Ratchaburi",
    "ลพบุรี": "Lop Buri",
    "ลำปาง": "Lampang",
    "ลำพูน": "Lamphun",
    "เลย": "Loei",
    "ศรีสะเกษ": "Si Sa Ket",
    "สกลนคร": "Sakon Nakhon",
    "สงขลา": "Songkhla",
    "สตูล": "Satun",
    "สมุทรปราการ": "Samut Prakan",
    "สมุทรสงคราม": "Samut Songkhram",
    "สมุทรสาคร": "Samut Sakhon",
    "สระแก้ว": "Sa Kaeo",
    "สระบุรี": "Saraburi",
    "สิงห์บุรี": "Sing Buri",
    "สุโขทัย": "Sukhothai",
    "สุพรรณบุรี": "Suphan Buri",
    "สุราษฎร์ธานี": "Surat Thani",
    "สุรินทร์": "Surin",
    "หนองคาย": "Nong Khai",
    "หนองบัวลำภู": "Nong Bua Lam Phu",
    "อ่างทอง": "Ang Thong",
    "อำนาจเจริญ": "Amnat Charoen",
    "อุดรธานี": "Udon Thani",
    "อุตรดิตถ์": "Uttaradit",
    "อุทัยธานี": "Uthai Thani",
    "อุบลราชธานี": "Ubon Ratchathani",
}
"""Thai name without the word จังหวัด -> English name ("Chiang Mai")."""

PROVINCES = tuple(ENGLISH_NAMES)
"""The Thai names of all provinces."""

_OTHER_NAMES: Mapping[str, str] = {
    "กรุงเทพ": "กรุงเทพมหานคร",
    "กรุงเทพฯ": "กรุงเทพมหานคร",
    "กทม": "กรุงเทพมหานคร",
    "krungthep": "กรุงเทพมหานคร",
    "อยุธยา": "พระนครศรีอยุธยา",
    "ayutthaya": "พระนครศรีอยุธยา",
    "โคราช": "นครราชสีมา",
    "korat": "นครราชสีมา",
}
"""Names in daily use that are not the official one."""

_NAMED = re.compile(rf"(?:จังหวัด|จ\.)\s*({'|'.join(sorted(PROVINCES, key=len, reverse=True))})")
"""With the word before it: by itself a name may be another word (เลย, ตาก)."""
_WORD_BEFORE = re.compile(r"^(?:จังหวัด|จ\.)")


def slug(name: str) -> str:
    """Return the English name as one word of small letters: "chiangmai".

    Raises:
        KeyError: when it is not the Thai name of a province.
    """
    return ENGLISH_NAMES[name].replace(" ", "").casefold()


_READ: Mapping[str, str] = {
    **{name: name for name in PROVINCES},
    **{slug(name): name for name in PROVINCES},
    **_OTHER_NAMES,
}


def province(text: str) -> str | None:
    """Return the Thai name of the province that the text names, Thai or romanised, else None.

    The word จังหวัด or จ. may stand before it, "province" behind it; small and capital
    letters, spaces and hyphens make no difference.  There are no near misses.
    """
    name = _WORD_BEFORE.sub("", one_line(text))
    key = re.sub(r"[\s.\-_]", "", name).casefold()
    return _READ.get(key) or _READ.get(key.removesuffix("province"))


def provinces_named(text: str) -> list[str]:
    """Return the provinces that running text names ("... จังหวัดลำพูน ..."), each once."""
    return list(dict.fromkeys(_NAMED.findall(one_line(text))))
