"""Commands that serve and work: run, web, work, tick, migrate."""

import signal
import threading
from datetime import datetime

import click

from bot import logs, server
from bot.commands.frame import Instant, as_json, open_house, print_json
from bot.desk import Desk
from bot.settings import from_environment
from bot.wiring import build, line_client
from bot.worker import Worker, tick
from store import schema

TO_RECEIVE = ("LINE_CHANNEL_SECRET",)
TO_SEND = ("LINE_CHANNEL_ACCESS_TOKEN",)


LISTEN = click.option("--listen", default="0.0.0.0", help="Address to listen on (default: all).")


@click.command("run")
@LISTEN
def run_command(listen: str) -> None:
    """Serve the webhook and do all the work, in one process."""
    house = open_house(needed=(*TO_RECEIVE, *TO_SEND), may_be_away=True)
    house.engine.dispose()
    server.serve(house.settings, with_worker=True, listen=listen)


@click.command("web")
@LISTEN
def web_command(listen: str) -> None:
    """Serve the webhook alone; `work` runs beside it."""
    house = open_house(needed=TO_RECEIVE, may_be_away=True)
    house.engine.dispose()
    server.serve(house.settings, with_worker=False, listen=listen)


@click.command("work")
def work_command() -> None:
    """Answer events, send messages and remind, until asked to end."""
    house = open_house(needed=TO_SEND)
    logs.set_up(secrets=house.settings.secrets)
    ended = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: ended.set())
    worker = Worker(house.engine, line_client(house.settings), house.clock, Desk.of(house.settings))
    worker.start()
    ended.wait()
    worker.stop()


@click.command("tick")
@click.option("--at", type=Instant(), required=True, help="ISO, such as 2024-01-31T08:30+07:00.")
@as_json
def tick_command(at: datetime, *, wants_json: bool) -> None:
    """Do one round of everything a worker does, as of that instant."""
    house = open_house(needed=TO_SEND)
    done = tick(house.engine, line_client(house.settings), at=at, desk=Desk.of(house.settings))
    if wants_json:
        print_json(dict(done))
        return
    for action, count in sorted(done.items()):
        click.echo(f"{action} {count}")


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database's tables to this program's version."""
    settings = from_environment()
    logs.set_up(secrets=settings.secrets)
    engine = build(settings).engine
    click.get_current_context().call_on_close(engine.dispose)
    schema.upgrade(engine)
    click.echo("The tables are up to date.")
