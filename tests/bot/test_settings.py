"""Settings from the environment: all problems at once, secrets hidden, every one documented."""

from pathlib import Path

import pytest

from bot.settings import SETTINGS, Settings, SettingsError

ROOT = Path(__file__).parents[2]
FULL = {
    "LINE_CHANNEL_SECRET": "the-secret",
    "LINE_CHANNEL_SECRET_OLD": "the-old-secret",
    "LINE_CHANNEL_ACCESS_TOKEN": "the-access-token",
    "LINE_API_HOST": "http://127.0.0.1:8100/",
    "PUBLIC_URL": "https://ita.example.go.th/",
    "DATABASE_URL": "postgresql://bot:the-password@db/bot",
    "PORT": "8080",
    "SPOOL_MB": "10",
    "SECRET_KEY": "the-key-that-signs-links-to-files",
    "LINE_BOT_ID": "@abc1234",
}


def problem(env: dict[str, str], *needed: str) -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(env, needed=needed)
    return str(caught.value)


def test_settings_are_read_from_the_environment() -> None:
    settings = Settings.from_env(FULL)

    assert settings.channel_secrets == ("the-secret", "the-old-secret")
    assert settings.access_token == "the-access-token"
    assert settings.line_api_host == "http://127.0.0.1:8100"
    assert settings.public_url == "https://ita.example.go.th"
    assert settings.database_url == FULL["DATABASE_URL"]
    assert settings.port == 8080
    assert settings.spool_bytes == 10 * 1024 * 1024


@pytest.mark.parametrize("env", [{}, dict.fromkeys(FULL, ""), dict.fromkeys(FULL, " \n")])
def test_what_is_not_set_or_empty_has_its_default(env: dict[str, str]) -> None:
    settings = Settings.from_env(env)

    assert settings.channel_secrets == ()
    assert settings.line_api_host == "https://api.line.me"
    assert settings.database_url.startswith("sqlite:///")
    assert settings.port == 8000
    assert settings.spool_folder == Path("ita-bot-spool")


def test_everything_that_is_missing_or_wrong_is_named_at_once() -> None:
    env = {
        "LINE_API_HOST": "api.line.me",
        "PUBLIC_URL": "ita.example.go.th",
        "DATABASE_URL": "nonsense",
        "PORT": "http",
        "SPOOL_MB": "0",
        "SECRET_KEY": "short",
        "LINE_BOT_ID": "abc1234",
    }

    said = problem(env, "LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN")

    names = {each.name for each in SETTINGS if each.name in said}
    assert names == set(FULL) - {"LINE_CHANNEL_SECRET_OLD"}
    assert ".env.example" in said


def test_a_space_is_no_value() -> None:
    assert "LINE_CHANNEL_SECRET" in problem({"LINE_CHANNEL_SECRET": " "}, "LINE_CHANNEL_SECRET")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "-1"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "8000.5"),
        ("PORT", "๘๐๐๐"),
        ("PORT", "9" * 5000),
        ("LINE_API_HOST", "api.line.me"),
        ("LINE_API_HOST", "ftp://api.line.me"),
        ("LINE_API_HOST", "https://"),
        ("LINE_API_HOST", "http://[::1"),
        ("PUBLIC_URL", "ita.example.go.th"),
        ("DATABASE_URL", "bot.sqlite3"),
        ("DATABASE_URL", "mysql://bot@db/bot"),
        ("DATABASE_URL", "postgresql://bot@db:port/bot"),
        ("LINE_API_HOST", "https://bot:the-password@api.line.me"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "โทเคน"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "the-token\nX-Header: the-value"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "the-token in-two"),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_not_repeated(name: str, value: str) -> None:
    said = problem(FULL | {name: value})

    assert f"{name} " in said
    assert [each.name for each in SETTINGS if each.name in said] == [name]
    assert "the-" not in said


def test_what_is_wrong_is_left_out_where_the_rest_is_wanted_all_the_same() -> None:
    wrong = {"LINE_API_HOST": "api.line.me", "DATABASE_URL": "nonsense", "PORT": "http"}

    settings, problems = Settings.readable(FULL | wrong)

    assert (settings.line_api_host, settings.database_url, settings.port) == ("", "", 0)
    assert settings.access_token == "the-access-token"
    assert [each.split()[0] for each in problems] == list(wrong)


def test_secrets_stay_out_of_the_repr() -> None:
    shown = repr(Settings.from_env(FULL))

    assert "the-" not in shown
    assert "8080" in shown


@pytest.mark.parametrize(
    "url",
    ["postgresql://bot:the-password@db/bot", "postgresql://bot@db/bot?password=the-password"],
)
def test_all_secrets_are_known_so_that_the_log_can_black_them_out(url: str) -> None:
    settings = Settings.from_env(FULL | {"DATABASE_URL": url})

    assert settings.secrets == (
        *("the-secret", "the-old-secret", "the-access-token", FULL["SECRET_KEY"]),
        "the-password",
    )


def test_every_setting_stands_in_the_example() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()

    named = {line.removeprefix("#").strip().partition("=")[0] for line in lines if "=" in line}

    assert {each.name for each in SETTINGS} <= named
