"""Settings from the environment, read once; all that is missing or wrong is named at a time."""

import os
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from store.database import is_database_url, passwords


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, its default, and what it is for."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("LINE_CHANNEL_SECRET", "", "signs the webhook; LINE console, Basic settings"),
    Setting("LINE_CHANNEL_SECRET_OLD", "", "also accepted while the secret is being changed"),
    Setting("LINE_CHANNEL_ACCESS_TOKEN", "", "sends messages; LINE console, Messaging API"),
    Setting("LINE_API_HOST", "https://api.line.me", "where messages are sent to"),
    Setting("LINE_DATA_HOST", "https://api-data.line.me", "where sent files are fetched from"),
    Setting("PUBLIC_URL", "", "where the bot is reached from outside; stands in links to files"),
    Setting("DATABASE_URL", "sqlite:///ita-bot.sqlite3", "SQLAlchemy URL of the database"),
    Setting("SPOOL_DIR", "ita-bot-spool", "folder of events while the database is away"),
    Setting("SPOOL_MB", "64", "how much that folder may take"),
    Setting("FILES_DIR", "ita-bot-files", "folder of evidence and other files"),
    Setting("SECRET_KEY", "", "signs links to files; by default made of the channel secret"),
    Setting("LINE_BOT_ID", "", "basic id of the bot (@abc1234), for links that open its chat"),
    Setting("PORT", "8000", "port of the webhook; its address is --listen's, all by default"),
)


MOST_PORT = 65535
LEAST_KEY = 32
MOST_SPOOL_MB = 10_000
MEBIBYTE = 1024 * 1024


class SettingsError(Exception):
    """Settings are missing or wrong; the message names each and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a process; secrets stay out of its repr."""

    channel_secrets: tuple[str, ...] = field(repr=False)
    access_token: str = field(repr=False)
    line_api_host: str
    line_data_host: str
    public_url: str
    database_url: str = field(repr=False)
    port: int
    spool_folder: Path
    spool_bytes: int
    files_folder: Path
    secret_key: str = field(repr=False)
    bot_id: str

    @property
    def secrets(self) -> tuple[str, ...]:
        """All that must be told to nobody, for whoever has to black it out."""
        own = (*self.channel_secrets, self.access_token, self.secret_key)
        return (*filter(None, own), *passwords(self.database_url))

    @staticmethod
    def from_env(env: Mapping[str, str], *, needed: Collection[str] = ()) -> "Settings":
        """Read the settings; `needed` names those without which the process cannot do its work.

        Raises:
            SettingsError: naming all that are missing or wrong.
        """
        settings, problems = Settings.readable(env, needed=needed)
        if problems:
            raise SettingsError(
                f"Settings: {'; '.join(problems)}. Set them in the environment; .env.example"
                " describes each."
            )
        return settings

    @staticmethod
    def readable(
        env: Mapping[str, str], *, needed: Collection[str] = ()
    ) -> tuple["Settings", tuple[str, ...]]:
        """Return what can be read, "" or 0 in place of what is wrong, and each problem in words."""
        values = {each.name: env.get(each.name, "").strip() or each.default for each in SETTINGS}
        problems = [
            f"{each.name} is missing ({each.meaning})"
            for each in SETTINGS
            if each.name in needed and not values[each.name]
        ]
        for name, (is_right, what) in WRONG.items():
            if not is_right(values[name]):
                problems.append(f"{name} {what}")
                values[name] = ""
        secrets = (values["LINE_CHANNEL_SECRET"], values["LINE_CHANNEL_SECRET_OLD"])
        return Settings(
            channel_secrets=tuple(secret for secret in secrets if secret),
            access_token=values["LINE_CHANNEL_ACCESS_TOKEN"],
            line_api_host=values["LINE_API_HOST"].rstrip("/"),
            line_data_host=values["LINE_DATA_HOST"].rstrip("/"),
            public_url=values["PUBLIC_URL"].rstrip("/"),
            database_url=values["DATABASE_URL"],
            port=int(values["PORT"] or 0),
            spool_folder=Path(values["SPOOL_DIR"]),
            spool_bytes=int(values["SPOOL_MB"] or 0) * MEBIBYTE,
            files_folder=Path(values["FILES_DIR"]),
            secret_key=values["SECRET_KEY"],
            bot_id=values["LINE_BOT_ID"],
        ), tuple(problems)


def from_environment(needed: Collection[str] = ()) -> Settings:
    """Read the settings of this very process; see `Settings.from_env`."""
    return Settings.from_env(os.environ, needed=needed)


def readable_from_environment(
    needed: Collection[str] = (),
) -> tuple[Settings, tuple[str, ...]]:
    """Read what can be read of this very process's settings; see `Settings.readable`."""
    return Settings.readable(os.environ, needed=needed)


def with_environment(changes: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with changes, for a process to be started."""
    return {**os.environ, **changes}


def _is_http(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    # A name or password in it would be shown with it, and LINE asks for none.
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


def _is_token(text: str) -> bool:
    # What no header can carry would come back in the HTTP client's complaint.
    return text.isascii() and text.isprintable() and " " not in text


def _is_bot_id(text: str) -> bool:
    return re.fullmatch("@[0-9A-Za-z._-]{3,40}", text) is not None


def _is_number(text: str, *, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= most


WRONG: dict[str, tuple[Callable[[str], bool], str]] = {
    "LINE_API_HOST": (_is_http, "is no http(s) address"),
    "LINE_DATA_HOST": (_is_http, "is no http(s) address"),
    "PUBLIC_URL": (lambda url: not url or _is_http(url), "is no http(s) address"),
    "DATABASE_URL": (
        is_database_url,
        "is no database address (sqlite:///FILE, postgresql://...)",
    ),
    "LINE_CHANNEL_ACCESS_TOKEN": (_is_token, "holds letters that no token has"),
    "LINE_BOT_ID": (lambda text: not text or _is_bot_id(text), "is no basic id (@abc1234)"),
    "SECRET_KEY": (
        lambda text: not text or len(text) >= LEAST_KEY,
        f"is too short: {LEAST_KEY} letters or more, best random ones",
    ),
    "PORT": (lambda text: _is_number(text, most=MOST_PORT), f"is no number from 1 to {MOST_PORT}"),
    "SPOOL_MB": (
        lambda text: _is_number(text, most=MOST_SPOOL_MB),
        f"is no number from 1 to {MOST_SPOOL_MB}",
    ),
}
"""By name of the setting: whether a value can be right, and what is wrong where it is not."""
