"""Judges what is in our own house: settings, database, disk, what is parked or stopped."""

from datetime import datetime, timedelta

from bot.clock import BANGKOK
from bot.doctor.facts import Check, DatabaseState, Facts, Verdict
from bot.doctor.wording import BASIC_SETTINGS, MANAGER
from bot.health import BEAT_IS_OLD_AFTER, EVENT_IS_OLD_AFTER

FREE_FAILS, FREE_WARNS = 100 * 1024 * 1024, 1024 * 1024 * 1024
"""Bytes free beside a SQLite file; below, its writes begin to fail, or soon will."""
QUIET_WARNS = timedelta(days=7)
"""Longer than any holidays."""
NETWORK_FILES = (
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "fuse.glusterfs",
    "fuse.sshfs",
    "lustre",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
)
"""File systems over a network, as Linux names them: SQLite's locks and WAL do not hold there."""

DATABASE = {
    DatabaseState.OPEN: (Verdict.OK, "open, of this program's version, takes changes", ""),
    DatabaseState.NO_ADDRESS: (Verdict.FAIL, "no address to open", "See settings."),
    DatabaseState.NO_FILE: (
        Verdict.FAIL,
        "there is no such file",
        "For a new installation run `python -m bot migrate`; else correct DATABASE_URL.",
    ),
    DatabaseState.NOT_SQLITE: (
        Verdict.FAIL,
        "the file is no SQLite database",
        "Correct DATABASE_URL, or put a backup in its place.",
    ),
    DatabaseState.OLDER: (
        Verdict.FAIL,
        "its tables are not at this program's version, or not there",
        "Run `python -m bot migrate`.",
    ),
    DatabaseState.NEWER: (
        Verdict.FAIL,
        "it comes from a newer version of this program",
        "Update the program.",
    ),
    DatabaseState.READ_ONLY: (
        Verdict.FAIL,
        "it takes no changes",
        "Let the bot's user write to the file and its folder; with PostgreSQL name the primary.",
    ),
    DatabaseState.FAILED: (
        Verdict.FAIL,
        "it cannot be opened",
        "Look whether it is up, and compare DATABASE_URL with its host, name and password.",
    ),
    DatabaseState.SILENT: (
        Verdict.FAIL,
        "no answer in time",
        "Look whether it is up, reached through the firewall, and not held by another program.",
    ),
}


def settings(facts: Facts) -> Check:
    """Whether everything is set that serving and working need."""
    if not facts.settings_problems:
        return Check("settings", Verdict.OK, "all that is needed is set")
    do = "Set them in the environment; .env.example describes each."
    return Check("settings", Verdict.FAIL, "; ".join(facts.settings_problems), do)


def channel_secret(facts: Facts) -> Check:
    """Whether the secrets look like LINE's; only a signed webhook proves one."""
    name, do = "channel_secret", f"{BASIC_SETTINGS}, Channel secret: copy it."
    if not facts.secrets_look_right:
        return Check(name, Verdict.WARN, "none is set", do)
    odd = facts.secrets_look_right.count(False)
    if odd:
        found = f"{odd} of {len(facts.secrets_look_right)} is not 32 of 0-9 and a-f, as LINE issues"
        return Check(name, Verdict.WARN, found, do)
    return Check(name, Verdict.OK, f"{len(facts.secrets_look_right)} set, looks like LINE's")


def database(facts: Facts) -> Check:
    """Whether the bot can work with its database."""
    at = facts.database
    verdict, found, do = DATABASE[at.state]
    named = f"{found} ({at.why})" if at.why else found
    return Check("database", verdict, f"{at.disk.file}: {named}" if at.disk else named, do)


def disk(facts: Facts) -> Check:
    """Whether a SQLite file lies on a disk that is its own machine's and has room."""
    at = facts.database.disk
    if at is None:
        return Check("disk", Verdict.OK, "no SQLite file to look after")
    if at.file_system in NETWORK_FILES:
        do = "Move the file to a disk of this machine, or use PostgreSQL: it may be damaged there."
        return Check(
            "disk", Verdict.FAIL, f"the file lies on a network disk ({at.file_system})", do
        )
    found = f"{at.free_bytes // (1024 * 1024)} MB free"
    do = "Make room: when the disk is full, nothing is kept any more."
    if at.free_bytes < FREE_FAILS:
        return Check("disk", Verdict.FAIL, found, do)
    if at.free_bytes < FREE_WARNS:
        return Check("disk", Verdict.WARN, found, do)
    return Check("disk", Verdict.OK, found)


def worker(facts: Facts) -> Check:
    """Whether a worker runs and keeps up with what comes."""
    kept = facts.database.kept
    if kept is None:
        return _not_known("worker")
    do = "Start `run` or `work`, or look into its log why it stands still."
    if kept.last_beat_at is None:
        return Check("worker", Verdict.FAIL, "no worker runs", do)
    heard = _length(facts.now - kept.last_beat_at)
    if facts.now - kept.last_beat_at > BEAT_IS_OLD_AFTER:
        return Check("worker", Verdict.FAIL, f"none was heard of for {heard}", do)
    waits = kept.oldest_waiting_at
    if waits is not None and facts.now - waits > EVENT_IS_OLD_AFTER:
        found = f"an event has waited for {_length(facts.now - waits)}"
        return Check("worker", Verdict.FAIL, found, do)
    return Check("worker", Verdict.OK, "runs, and no event waits for long")


def sending(facts: Facts) -> Check:
    """Whether the worker has stopped sending."""
    kept = facts.database.kept
    if kept is None:
        return _not_known("sending")
    if "token" in kept.stops:
        return Check(
            "sending",
            Verdict.FAIL,
            "stands still since LINE refused the token",
            "Once access_token is ok start the worker anew; what waits is sent then.",
        )
    if "month" in kept.stops:
        until = kept.stops["month"]
        when = f"until {_day(until)}" if until else "until somebody lifts it"
        return Check(
            "sending",
            Verdict.FAIL,
            f"reminders rest {when}: the month's messages are used up; answers go on",
            f"Buy messages in the {MANAGER} and lift the stop"
            " (docs/operate.md, By hand), or tell the coordinators.",
        )
    return Check("sending", Verdict.OK, "nothing holds it")


def parked(facts: Facts) -> Check:
    """Whether something was given up that somebody should look at."""
    kept = facts.database.kept
    if kept is None:
        return _not_known("parked")
    if kept.parked_events or kept.parked_messages:
        found = f"{kept.parked_events} event(s) and {kept.parked_messages} message(s) given up"
        return Check("parked", Verdict.WARN, found, "The command `parked` shows them and why.")
    return Check("parked", Verdict.OK, "nothing was given up")


def last_event(facts: Facts) -> Check:
    """When something last came from LINE."""
    kept = facts.database.kept
    if kept is None:
        return _not_known("last_event")
    do = "Write to the bot in 1:1 and run doctor again; see use_webhook and webhook_test."
    if kept.last_event_at is None:
        return Check("last_event", Verdict.WARN, "nothing has come from LINE yet", do)
    ago = facts.now - kept.last_event_at
    found = f"{_length(ago)} ago, {kept.events} kept"
    if ago > QUIET_WARNS:
        return Check("last_event", Verdict.WARN, found, do)
    return Check("last_event", Verdict.OK, found)


def _not_known(name: str) -> Check:
    return Check(name, Verdict.WARN, "not known: the database is not open", "See database.")


def _day(instant: datetime) -> str:
    return instant.astimezone(BANGKOK).date().isoformat()


def _length(time: timedelta) -> str:
    minutes = max(0, int(time.total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
