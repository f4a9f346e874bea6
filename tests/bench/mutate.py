"""Odd webhooks for the fuzz: seeded, so that the same seed makes the same requests again."""

import json
import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from tests.bench import bodies

SIGNED_SHARE = 0.85
"""How many of the odd bodies are signed rightly: the others end at the signature."""
SOUND_SHARE = 0.1
"""How many requests are not odd at all: they must be kept, whatever comes around them."""
GROUP = "C" + "a" * 32
SAID = (
    "สัปดาห์นี้",
    "สถานะ",
    "เสร็จ ๓",
    "เสร็จ 3,5,8",
    "เสร็จ 999999999999999999999",
    "ติด ๓ รอเอกสาร",
    "ยกเลิก ๓",
    "ข้อ ๑๑",
    "ใครยังไม่เสร็จ",
    "ภาพรวม",
    "ผูกกลุ่ม ABCD-EFGH",
    "ลงทะเบียน ABCD-EFGH",
    "ช่วยเหลือ",
    "เดือน ๑๓",
    "ABCD-EFGH",
)
DATA = (
    "1:done:1:1",
    "1:done:999999999:1",
    "1:doing:2:1",
    "0:x",
    "1:done:-1:1",
    "",
    "1:::",
    "๑:๒:๓:๔",
)
ODD_TEXTS = (
    "",
    "\x00",
    "\ud800",
    "a\udfffb",
    "\u202e",
    "ก" * 5_000,
    "x" * 20_000,
    "🧑‍🤝‍🧑",
    "\ufeff",
    "'; --",
)
ODD_VALUES: tuple[Any, ...] = (
    *ODD_TEXTS, None, True, False, 0, -1, 1.5, -0.0, 2**31, 2**63, -(2**63), 10**30, 1e308, [], {},
    [[]], [None], {"": None}, {"userId": {}}, ["x"] * 100,
)  # fmt: skip
RAW_VALUES = (
    "NaN", "-Infinity", "1e999", "9" * 4_000, "9" * 5_000, "[" * 900 + "]" * 900,
    "[" * 100_000 + "]" * 100_000, '{"a":' * 900 + "1" + "}" * 900, "0x1", "'a'", "tru", "",
    r'"\ud83d"', r'"\u0000"', '{"type":1,"type":2}',
)  # fmt: skip
"""JSON, and what is none, that `json.dumps` would not write."""
HOLE = '"@hole@"'
METHODS = ("GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "post", "BOGUS")
PATHS = (
    "/callback/",
    "//callback",
    "/callback?a=%00",
    "/%00",
    "/callback%2f..",
    "/",
    "/" + "a" * 3_000,
)


@dataclass(frozen=True, slots=True)
class Odd:
    """One request; `is_http` when any server must answer it, `is_sound` when LINE could send it."""

    request: bytes
    what: str
    is_http: bool = True
    is_sound: bool = False


class Mutator:
    """Makes requests, one after the other, out of a seed; `users` are registered people."""

    def __init__(self, seed: int, users: list[str], *, at: int) -> None:
        self._random = random.Random(seed)
        self._users = users
        self._at = at
        self._number = 0

    def next(self) -> Odd:
        """Return the next request."""
        choice = self._random
        if choice.random() < SOUND_SHARE:
            return Odd(bodies.http_request(bodies.compact(self._event())), "sound", is_sound=True)
        make = choice.choices(
            (self._odd_field, self._odd_bytes, self._odd_batch, self._odd_envelope), (6, 2, 1, 2)
        )[0]
        return make()

    def _event(self) -> dict[str, Any]:
        """Return an event as LINE sends it, of any kind."""
        self._number += 1
        choice, number = self._random, self._number
        stamp = {"at": self._at + number, "user": choice.choice(self._users)}
        # A copy: what is changed inside must not come again in later events.
        made = deepcopy(choice.choice(EVENTS)(choice, number, stamp))
        if choice.random() < 0.3:
            made["source"] = {"type": "group", "groupId": GROUP, "userId": stamp["user"]}
        return made

    def _odd_field(self) -> Odd:
        event = self._event()
        raw = []
        for _ in range(self._random.randint(1, 3)):
            raw += self._change(event)
        text = json.dumps(
            {"destination": bodies.BOT, "events": [event]}, ensure_ascii=self._random.random() < 0.5
        )
        for each in raw:
            text = text.replace(HOLE, each, 1)
        return self._signed(text.encode("utf-8", "surrogatepass"), "field")

    def _change(self, event: dict[str, Any]) -> list[str]:
        """Change one field somewhere inside; return the raw JSON for the hole it left, if any."""
        choice = self._random
        inside: Any = event
        while True:
            name = choice.choice(list(inside))
            if isinstance(inside[name], dict) and inside[name] and choice.random() < 0.7:
                inside = inside[name]
                continue
            break
        kind = choice.random()
        if kind < 0.15 and len(inside) > 1:
            del inside[name]
        elif kind < 0.35:
            inside[name] = HOLE.strip('"')
            return [choice.choice(RAW_VALUES)]
        else:
            inside[name] = deepcopy(choice.choice(ODD_VALUES))
        return []

    def _odd_bytes(self) -> Odd:
        body = bytearray(bodies.compact(self._event()))
        choice = self._random
        kind = choice.choice(("flips", "cut", "noise", "utf-16", "bom", "twice", "empty"))
        if kind == "flips":
            for _ in range(choice.randint(1, 20)):
                body[choice.randrange(len(body))] ^= 1 << choice.randrange(8)
        elif kind == "cut":
            body = body[: choice.randrange(len(body))]
        elif kind == "noise":
            at = choice.randrange(len(body))
            body[at:at] = choice.randbytes(choice.randint(1, 200))
        elif kind == "utf-16":
            body = bytearray(body.decode().encode("utf-16"))
        elif kind == "bom":
            body[:0] = b"\xef\xbb\xbf"
        else:
            body = body + body if kind == "twice" else bytearray()
        return self._signed(bytes(body), kind)

    def _odd_batch(self) -> Odd:
        choice = self._random
        events: list[Any] = [self._event() for _ in range(choice.randint(0, 30))]
        for _ in range(choice.randint(0, 5)):
            odd = [*(v for v in ODD_VALUES if v not in ODD_TEXTS), *events[:3]]
            events.insert(choice.randint(0, len(events)), choice.choice(odd))
        batch: Any = {"destination": bodies.BOT, "events": events}
        if choice.random() < 0.3:
            batch = choice.choice(({"events": {}}, {"events": None}, events, {}, None, 1, "events"))
        return self._signed(json.dumps(batch).encode(), "batch")

    def _signed(self, body: bytes, what: str) -> Odd:
        secret = bodies.SECRET if self._random.random() < SIGNED_SHARE else "another"
        return Odd(bodies.http_request(body, secret=secret), what)

    def _odd_envelope(self) -> Odd:
        """Return a sound body in a request that no LINE would send."""
        choice = self._random
        body = bodies.compact(self._event())
        what, is_http, make = choice.choice(ENVELOPES)
        return Odd(make(choice, body), what, is_http=is_http)


def _request(
    body: bytes,
    *headers: str,
    method: str = "POST",
    path: str = "/callback",
    version: str = "1.1",
    length: int | None = -1,
    signature: str | None = "",
) -> bytes:
    """Return a request; length -1 and signature "" are the right ones, None leaves them out."""
    lines = [f"{method} {path} HTTP/{version}", "Host: 127.0.0.1", *headers]
    if length is not None:
        lines.append(f"Content-Length: {len(body) if length == -1 else length}")
    if signature is not None:
        lines.append(f"X-Line-Signature: {signature or bodies.signature(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body


def _chunked(choice: random.Random, body: bytes) -> bytes:
    chunks = b""
    left = body
    while left:
        size = choice.randint(1, 200)
        piece, left = left[:size], left[size:]
        chunks += f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
    return _with_chunks(body, chunks + b"0\r\n\r\n")


def _with_chunks(body: bytes, chunks: bytes) -> bytes:
    head = _request(body, "Transfer-Encoding: chunked", length=None)[: -len(body)]
    return head + chunks


ODD_SIGNATURES = ("=", "x" * 4_000, "é", "\t")
Envelope = tuple[str, bool, Callable[[random.Random, bytes], bytes]]
ENVELOPES: tuple[Envelope, ...] = (
    ("method", False, lambda c, b: _request(b, method=c.choice(METHODS))),
    ("path", False, lambda c, b: _request(b, path=c.choice(PATHS))),
    ("no signature", True, lambda _, b: _request(b, signature=None)),
    ("odd signature", True, lambda c, b: _request(b, signature=c.choice(ODD_SIGNATURES))),
    ("two signatures", True, lambda _, b: _request(b, "X-Line-Signature: AAAA")),
    ("chunked", True, _chunked),
    ("bad chunks", False, lambda _, b: _with_chunks(b, b"zz\r\nabc\r\n0\r\n\r\n")),
    ("cut chunks", False, lambda _, b: _with_chunks(b, b"ff\r\nabc")),
    ("no length", True, lambda _, b: _request(b, length=None)),
    ("short length", False, lambda _, b: _request(b, length=len(b) // 2)),
    ("long length", False, lambda _, b: _request(b, length=len(b) + 100)),
    ("huge length", False, lambda _, b: _request(b, length=10**12)),
    ("negative length", False, lambda _, b: _request(b, length=-5)),
    ("two lengths", False, lambda _, b: _request(b, "Content-Length: 3")),
    ("long header", False, lambda _, b: _request(b, "X-Long: " + "a" * 20_000)),
    ("many headers", False, lambda _, b: _request(b, *(f"X-{i}: 1" for i in range(300)))),
    ("header with NUL", False, lambda _, b: _request(b, "X-Odd: a\x00b")),
    ("header without colon", False, lambda _, b: _request(b, "nothing")),
    ("old HTTP", True, lambda _, b: _request(b, version="1.0")),
    ("no HTTP", False, lambda _, b: _request(b, version="9.9")),
    ("expects", True, lambda _, b: _request(b, "Expect: 100-continue")),
    ("gzip", True, lambda _, b: _request(b, "Content-Encoding: gzip")),
    ("odd type", True, lambda _, b: _request(b, "Content-Type: multipart/form-data; boundary=x")),
    ("noise", False, lambda c, _: c.randbytes(c.randint(1, 500))),
)  # fmt: skip
"""What, whether any server must answer it, and how it is made."""


def _text(choice: random.Random, number: int, stamp: dict[str, Any]) -> dict[str, Any]:
    said = choice.choice(SAID)
    if choice.random() < 0.4:
        letters = list(said)
        letters.insert(choice.randrange(len(letters) + 1), choice.choice(ODD_TEXTS[5:]))
        said = "".join(choice.sample(letters, len(letters)) if choice.random() < 0.3 else letters)
    return bodies.text(number, said[:5_000], **stamp)


def _other(kind: str, **content: Any) -> Callable[..., dict[str, Any]]:
    return lambda _choice, number, stamp: bodies.event(number, type=kind, **content, **stamp)


MEMBERS = {"members": [{"type": "user", "userId": bodies.user_id(7)}]}
EVENTS: tuple[Callable[[random.Random, int, dict[str, Any]], dict[str, Any]], ...] = (
    _text,
    _text,
    _text,
    lambda c, n, s: bodies.postback(n, c.choice(DATA), **s),
    _other("message", message={"type": "image", "id": "5", "contentProvider": {"type": "line"}}),
    _other("message", message={"type": "sticker", "id": "5", "packageId": "1", "stickerId": "2"}),
    _other("follow", follow={"isUnblocked": False}),
    _other("unfollow"),
    _other("join"),
    _other("leave"),
    _other("memberJoined", joined=MEMBERS),
    _other("memberLeft", left=MEMBERS),
    _other("unsend", unsend={"messageId": "5"}),
    _other("videoPlayComplete", videoPlayComplete={"trackingId": "x"}),
    _other("aKindOfTomorrow", tomorrow={"a": [1]}),
)
