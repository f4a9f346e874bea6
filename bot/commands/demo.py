"""Commands that show the bot at work with a stand-in for LINE: demo, demo-script."""

import logging
import signal
import threading

import click

from bot import logs
from bot.commands.frame import Refused
from bot.demo.live import play_live
from bot.demo.processes import DidNotStartError
from bot.demo.script import play_story
from bot.demo.story import StoryError


@click.command("demo")
@click.option("--port", default=8100, help="Port of the page (default: 8100).")
def demo_command(port: int) -> None:
    """Start a sample province with a page on which one can be any of its people."""
    logs.set_up(logging.WARNING)
    ended = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: ended.set())
    try:
        play_live(click.echo, port=port, ended=ended)
    except DidNotStartError as error:
        raise Refused(str(error)) from error


@click.command("demo-script")
def demo_script_command() -> None:
    """Play the story of January 2567 without a screen and print the conversation."""
    logs.set_up(logging.WARNING)
    try:
        play_story(click.echo)
    except (StoryError, DidNotStartError) as error:
        raise Refused(str(error)) from error
