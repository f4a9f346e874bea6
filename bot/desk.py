"""What a worker has at hand beside database and LINE: the folder of files, links, our own id."""

from dataclasses import dataclass
from pathlib import Path

from bot.file_store import FileStore
from bot.links import Links
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Desk:
    """The worker's desk; `bot_id` is our basic id in LINE ("@abc1234"), "" where it is not set."""

    files: FileStore
    links: Links
    bot_id: str

    @staticmethod
    def of(settings: Settings) -> "Desk":
        """Return the desk that belongs to the settings."""
        return Desk(FileStore(settings.files_folder), Links.of(settings), settings.bot_id)


NO_DESK = Desk(FileStore(Path("/nowhere")), Links("", ""), "")
"""Where nobody gave one: no file can be kept, no link opens, and our id is not known."""
