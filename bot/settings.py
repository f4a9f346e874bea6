"""Settings from the environment, read once; all that is missing or wrong is named at a time."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from store.database import is_database_url


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
    Setting("DATABASE_URL", "sqlite:///ita-bot.sqlite3", "SQLAlchemy URL of the database"),
    Setting("PORT", "8000", "port of the webhook; its address is --listen's, all by default"),
)


class SettingsError(Exception):
    """Settings are missing or wrong; the message names each and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a process; secrets stay out of its repr."""

    channel_secrets: tuple[str, ...] = field(repr=False)
    access_token: str = field(repr=False)
    line_api_host: str
    database_url: str = field(repr=False)
    port: int

    @staticmethod
    def from_env(env: Mapping[str, str], *, needed: Collection[str] = ()) -> "Settings":
        """Read the settings; `needed` names those without which the process cannot do its work.

        Raises:
            SettingsError: naming all that are missing or wrong.
        """
        values = {each.name: env.get(each.name, "").strip() or each.default for each in SETTINGS}
        problems = [
            f"{each.name} is missing ({each.meaning})"
            for each in SETTINGS
            if each.name in needed and not values[each.name]
        ]
        if not _is_http(values["LINE_API_HOST"]):
            problems.append("LINE_API_HOST is no http(s) address")
        if not is_database_url(values["DATABASE_URL"]):
            problems.append(
                "DATABASE_URL is no database address (sqlite:///FILE, postgresql://...)"
            )
        if not values["LINE_CHANNEL_ACCESS_TOKEN"].isascii():
            problems.append("LINE_CHANNEL_ACCESS_TOKEN holds letters that no token has")
        if not _is_port(values["PORT"]):
            problems.append("PORT is no number from 1 to 65535")
        if problems:
            raise SettingsError(
                f"Settings: {'; '.join(problems)}. Set them in the environment; .env.example"
                " describes each."
            )
        secrets = (values["LINE_CHANNEL_SECRET"], values["LINE_CHANNEL_SECRET_OLD"])
        return Settings(
            channel_secrets=tuple(secret for secret in secrets if secret),
            access_token=values["LINE_CHANNEL_ACCESS_TOKEN"],
            line_api_host=values["LINE_API_HOST"].rstrip("/"),
            database_url=values["DATABASE_URL"],
            port=int(values["PORT"]),
        )


def from_environment(needed: Collection[str] = ()) -> Settings:
    """Read the settings of this very process; see `Settings.from_env`."""
    return Settings.from_env(os.environ, needed=needed)


def with_environment(changes: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with changes, for a process to be started."""
    return {**os.environ, **changes}


def _is_http(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535
