"""The command line of the stand-in: python -m bot.emulator --port 8100 --bot-url URL."""

import sys
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from os import environ

from bot.emulator.http_server import LOOPBACK, PortTakenError
from bot.emulator.server import serve

SECRET = "LINE_CHANNEL_SECRET"
TOKEN = "LINE_CHANNEL_ACCESS_TOKEN"


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Serve until interrupted; return the exit status: 0, or 1 after a sentence on stderr."""
    parser = ArgumentParser(prog="python -m bot.emulator", description="A stand-in for LINE.")
    parser.add_argument("--port", type=int, default=8100, help="0 takes a free one")
    parser.add_argument("--bot-url", default="http://127.0.0.1:8000/callback")
    given = parser.parse_args(arguments)
    missing = [name for name in (SECRET, TOKEN) if not environment.get(name)]
    if missing:
        return _refuse(f"Set {' and '.join(missing)} to the values that the bot is started with.")
    try:
        serve(
            port=given.port,
            bot_url=given.bot_url,
            channel_secret=environment[SECRET],
            access_token=environment[TOKEN],
            ready=_announce,
        )
    except PortTakenError as error:
        return _refuse(str(error))
    return 0


def _announce(port: int) -> None:
    sys.stdout.write(f"LINE stand-in: http://{LOOPBACK}:{port}/\n")
    sys.stdout.flush()


def _refuse(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], environ))
