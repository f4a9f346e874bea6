"""Files outside the database: kept whole, by random names, and handed out by signed links alone."""

import os
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug.test import Client

from bot.app import create_app
from bot.clock import system_clock
from bot.file_store import SWEPT_AFTER, FileStore, HandedIn
from bot.http_worker import REQUEST_SECONDS
from bot.links import LINK_LASTS, Links, Opened
from bot.server import guarded
from bot.settings import Settings
from bot.wiring import House
from bot.worker import tick
from store import files, people
from store.database import open_database, transaction
from store.types import Fetch, PersonId
from tests.bot.queue_rows import SECRET
from tests.bot.web_process import PATIENCE, everything, web_process
from tests.fakes import FakeLine
from tests.stage import Stage, user_id

CONTENT = b"\x89PNG of somebody"
ONE = Opened(Fetch.DOWNLOAD, 1, PersonId(1))


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def test_a_file_is_kept_under_a_name_nobody_can_guess_and_goes_when_it_is_removed(
    store: FileStore, tmp_path: Path
) -> None:
    first, second = store.put(CONTENT), store.put(CONTENT)

    assert first != second
    assert store.read(first) == CONTENT
    assert {path.stat().st_mode & 0o777 for path in tmp_path.rglob("*") if path.is_file()} == {
        0o600
    }
    store.remove(first)
    store.remove(first)
    assert (store.read(first), store.read(second)) == (None, CONTENT)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "/etc/passwd", "a" * 31, "A" * 32])
def test_no_name_leads_out_of_the_folder(store: FileStore, name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        store.read(name)


@pytest.mark.parametrize("is_committed", [True, False])
def test_files_go_with_the_transaction_that_knows_them(
    store: FileStore, *, is_committed: bool
) -> None:
    before = store.put(CONTENT)
    event = HandedIn(store)
    new = event.put(CONTENT)
    event.remove(before)

    event.settle(is_committed=is_committed)

    assert store.read(new) == (CONTENT if is_committed else None)
    assert store.read(before) == (None if is_committed else CONTENT)


def test_a_link_is_good_for_its_time_and_cannot_be_changed(stage: Stage) -> None:
    links = Links("k" * 32, "https://ita.example.go.th")
    url = links.url(ONE, now=stage.now)
    address, _, query = url.partition("?")
    token = address.removeprefix("https://ita.example.go.th/f/")
    other = Links("x" * 32, "").url(ONE, now=stage.now).removeprefix("/f/").partition("?")[0]

    assert query == "openExternalBrowser=1"
    assert links.read(token, now=stage.now) == ONE
    assert links.read(token, now=stage.now + LINK_LASTS - timedelta(seconds=1)) == ONE
    assert links.read(token, now=stage.now + LINK_LASTS) is None
    forged = [token[:-1], token + "A", other, "", "-", "." * 40, "ก", "a" * 400, token.swapcase()]
    assert [links.read(each, now=stage.now) for each in forged] == [None] * len(forged)


def test_without_a_key_links_open_nothing(stage: Stage) -> None:
    links = Links("", "https://ita.example.go.th")

    token = links.url(ONE, now=stage.now).rpartition("/")[2]

    assert links.read(token, now=stage.now) is None
    assert Links.of(Settings.from_env({})).key == ""
    assert len(Links.of(Settings.from_env({"LINE_CHANNEL_SECRET": SECRET})).key) == 64


@pytest.fixture
def client(stage: Stage, tmp_path: Path) -> Iterator[Client]:
    env = {
        "LINE_CHANNEL_SECRET": SECRET,
        "SPOOL_DIR": str(tmp_path / "spool"),
        "FILES_DIR": str(tmp_path / "files"),
        "SECRET_KEY": "k" * 32,
    }
    app = create_app(House(Settings.from_env(env), stage.engine, lambda: stage.now))
    yield Client(guarded(app))
    app.extensions["writer"].stop()


def put_download(stage: Stage, store: FileStore, name: str) -> Opened:
    """Let a file be made for somebody, to be fetched within half an hour."""
    with transaction(stage.engine) as session:
        person = people.keep_person(session, user_id(name), at=stage.now)
        row = files.add_download(
            session,
            person,
            store.put(CONTENT),
            "codes.xlsx",
            "application/vnd.ms-excel",
            expires_at=stage.now + timedelta(minutes=30),
        )
    return Opened(Fetch.DOWNLOAD, row, person)


def test_a_download_is_had_by_its_own_link_until_it_is_over(
    stage: Stage, store: FileStore, client: Client
) -> None:
    opened = put_download(stage, store, "ก")
    links = Links("k" * 32, "")
    anothers = Opened(opened.what, opened.row_id, PersonId(opened.person_id + 1))

    had = client.get(links.url(opened, now=stage.now), buffered=True)
    refused = [
        client.get(links.url(anothers, now=stage.now), buffered=True),
        client.get(
            links.url(Opened(opened.what, 999, opened.person_id), now=stage.now), buffered=True
        ),
        client.get("/f/-", buffered=True),
        client.get("/f/" + "." * 40, buffered=True),
    ]
    stage.later(minutes=30)
    over = client.get(links.url(opened, now=stage.now), buffered=True)

    assert (had.status_code, had.data) == (200, CONTENT)
    assert had.headers["Content-Disposition"] == 'attachment; filename="codes.xlsx"'
    assert had.headers["X-Content-Type-Options"] == "nosniff"
    assert had.headers["Cache-Control"] == "no-store"
    assert "sandbox" in had.headers.get_all("Content-Security-Policy")
    assert {(each.status_code, each.text) for each in [*refused, over]} == {(404, over.text)}
    assert over.text.startswith("ลิงก์นี้หมดอายุ")


def test_which_of_very_many_files_are_known_is_found(stage: Stage) -> None:
    names = [f"{number:032x}" for number in range(70_000)]
    with transaction(stage.engine) as session:
        person = people.keep_person(session, user_id("ก"), at=stage.now)
        for name in (names[0], names[-1]):
            files.add_download(session, person, name, "a", "b", expires_at=stage.now)

        found = files.known(session, names)

    assert found == {names[0], names[-1]}


def test_what_is_over_or_known_to_nobody_is_swept(stage: Stage) -> None:
    store, day = stage.desk.files, SWEPT_AFTER + timedelta(hours=1)
    put_download(stage, store, "ก")
    orphan = store.put(CONTENT)
    long_ago = (stage.now - day).timestamp()
    for path in store._folder.rglob("*"):
        os.utime(path, (long_ago, long_ago))
    stage.later(minutes=31)

    done = tick(stage.engine, FakeLine(), at=stage.now, desk=stage.desk)

    assert done["files_swept"] == 2
    assert store.read(orphan) is None
    assert [path for path in store._folder.rglob("*") if path.is_file()] == []


def test_a_slow_phone_has_a_large_file_whole(tmp_path: Path) -> None:
    large = os.urandom(9_000_000)
    env = {"FILES_DIR": str(tmp_path / "files"), "SECRET_KEY": "k" * 32}
    with web_process(tmp_path, **env) as web:
        engine = open_database(f"sqlite:///{web.database}")
        now = system_clock()
        with transaction(engine) as session:
            person = people.keep_person(session, user_id("ก"), at=now)
            stored_as = FileStore(tmp_path / "files").put(large)
            until = now + timedelta(minutes=30)
            row = files.add_download(session, person, stored_as, "a", "b/c", expires_at=until)
        engine.dispose()
        path = Links("k" * 32, "").url(Opened(Fetch.DOWNLOAD, row, person), now=now)
        with socket.socket() as phone:
            phone.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            phone.settimeout(PATIENCE)
            phone.connect(("127.0.0.1", web.port))
            phone.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
            time.sleep(REQUEST_SECONDS + 2)
            had = everything(phone)

    assert had.startswith(b"HTTP/1.1 200 ")
    assert had.endswith(large)
