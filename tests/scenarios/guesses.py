"""Codes guessed by many, told straight to the handler that answers them."""

from datetime import datetime

from bot.clock import bangkok_date
from handlers import dispatch
from handlers.turn import Event, Source, TextSaid
from messages_th import problems
from messages_th.parts import Text
from store import joining
from store.database import Engine, transaction
from tests.fakes import Drawer
from tests.stage import user_id


def looked_at(
    engine: Engine, *, guesses: int, people: int, at: datetime, share: tuple[int, int] = (0, 1)
) -> int:
    """Let people guess in turn, all within the hour; return how many codes were looked up.

    All have read the privacy notice: before that no code is looked at.  Of several processes each
    has its share: the how-manieth of how many, of the same people.
    """
    found = 0
    mine, of = share
    with transaction(engine) as session:
        for number in range(people):
            joining.keep_notice(session, user_id(f"p{number}"), at=at)
    for number in range(mine, guesses, of):
        said = TextSaid(f"ลงทะเบียน A{number % 1000:03}-B{number // 1000:03}", mentions_bot=False)
        source = Source(user_id(f"p{number // of % people}"), "")
        event = Event(f"guess-{number}", source, f"token-{number}", at, said)
        with transaction(engine) as session:
            outcome = dispatch.answer(
                session, event, now=at, today=bangkok_date(at), files=Drawer(), bot_id=""
            )
        [part] = outcome.answer
        assert isinstance(part, Text)
        assert part in (problems.CODE_UNKNOWN, problems.CODES_TRIED_TOO_OFTEN), part
        found += part == problems.CODE_UNKNOWN
    return found
