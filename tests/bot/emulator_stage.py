"""A stage for the tests of the LINE stand-in: the stand-in, a bot that notes what it hears."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from typing import Any
from urllib.parse import urlsplit

from bot.emulator.server import InThread, in_thread

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
TOKEN = "token-of-the-stage"
NINE_IN_BANGKOK = "2027-01-05T09:00:00+07:00"
KEY = "123e4567-e89b-12d3-a456-426614174000"


@dataclass(frozen=True)
class Heard:
    """One request that reached the bot."""

    headers: dict[str, str]
    raw: bytes

    @property
    def events(self) -> list[Any]:
        return json.loads(self.raw)["events"]


@dataclass
class TinyBot:
    """Answers every webhook with `status`, `seconds` after reading it."""

    heard: list[Heard] = field(default_factory=list)
    status: int = 200
    seconds: float = 0.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Any


@dataclass
class Stage:
    """The stand-in's two sides, in the verbs of the tests."""

    stand_in: InThread
    bot: TinyBot

    def control(self, path: str, **body: Any) -> Any:
        answer = self.ask("POST", f"/stand-in/{path}", body)
        assert answer.status == 200, answer.body
        return answer.body

    def read(self, path: str) -> Any:
        return self.ask("GET", f"/stand-in/{path}").body

    def line(self, path: str, body: Any = None, *, method: str = "", **headers: str) -> Answer:
        more = {"Authorization": f"Bearer {TOKEN}"}
        more |= {name.replace("_", "-"): value for name, value in headers.items()}
        chosen = method or ("GET" if body is None else "POST")
        return self.ask(chosen, f"/v2/bot/{path}", body, more)

    def push(self, to: str, *texts: str, **headers: str) -> Answer:
        body = {"to": to, "messages": [{"type": "text", "text": text} for text in texts or ("hi",)]}
        return self.line("message/push", body, **headers)

    def reply(self, token: str, *messages: dict[str, Any], **headers: str) -> Answer:
        body = {"replyToken": token, "messages": list(messages) or [{"type": "text", "text": "ok"}]}
        return self.line("message/reply", body, **headers)

    def person(self, name: str = "สมหญิง", **more: Any) -> str:
        return self.control("people", displayName=name, **more)["userId"]

    def group(self, *members: str, **more: Any) -> str:
        return self.control("groups", name="คณะทำงาน ITA", members=members, **more)["groupId"]

    def token(self) -> str:
        return self.bot.heard[-1].events[-1]["replyToken"]

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        raw = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        more = {"Content-Type": "application/json", **(headers or {})}
        parts = urlsplit(self.stand_in.url)
        connection = HTTPConnection(parts.hostname, parts.port, timeout=5)
        try:
            connection.request(method, path, raw, more)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        names = {name.lower(): value for name, value in response.getheaders()}
        is_json = names.get("content-type", "").startswith("application/json")
        return Answer(response.status, names, json.loads(content) if is_json else content)


@contextmanager
def open_stage() -> Iterator[Stage]:
    """Run a bot and a stand-in that know each other."""
    tiny = TinyBot()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(tiny))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/callback"
    try:
        with in_thread(bot_url=url, channel_secret=SECRET, access_token=TOKEN) as stand_in:
            yield Stage(stand_in, tiny)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def fresh(stage: Stage) -> Stage:
    """Empty the stage between two tests and stop its clock."""
    stage.control("reset")
    stage.control("clock", now=NINE_IN_BANGKOK)
    stage.bot.heard.clear()
    stage.bot.status = 200
    return stage


def _handler(tiny: TinyBot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            tiny.heard.append(Heard({k.lower(): v for k, v in self.headers.items()}, raw))
            sleep(tiny.seconds)
            self.send_response(tiny.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
