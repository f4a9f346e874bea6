"""The sample province of the demonstration: Chiang Mai's agencies and its plan of 2567."""

from datetime import UTC, datetime
from pathlib import Path

from handlers import agency_import, codes
from handlers.plan_files.table import read_plan
from handlers.plan_import import changes
from messages_th import demo_words
from store import agencies, schema
from store.database import Engine, Session, transaction
from store.types import FiscalYear, Invited, ProvinceId, Role

SAMPLES = Path(agency_import.__file__).parent / "plan_files" / "samples"
FISCAL_YEAR = FiscalYear(2567)
IN_FORCE_AT = datetime(2023, 12, 1, 2, 0, tzinfo=UTC)


def load(engine: Engine) -> None:
    """Make the tables and bring in the agencies and the plan, as the commands do."""
    schema.upgrade(engine)
    name = demo_words.PROVINCE
    directory = (SAMPLES / "agencies-chiangmai.csv").read_bytes()
    rows, problems = agency_import.read_directory("agencies.csv", directory, province=name)
    plan = (SAMPLES / "chiangmai-2567.txt").read_bytes()
    draft = read_plan("plan.txt", plan, fiscal_year=FISCAL_YEAR)
    with transaction(engine) as session:
        agency_import.import_agencies(session, name, rows, problems)
        province = agency_import.keep_province(session, name)
        changes.confirm(session, province, FISCAL_YEAR, draft, now=IN_FORCE_AT)


def coordinator_code(engine: Engine, *, now: datetime) -> str:
    """Return a one-time code for a coordinator of the province."""
    with transaction(engine) as session:
        return codes.invite(session, Invited(Role.COORDINATOR, _province(session)), now=now).code


def officer_code(engine: Engine, agency: str, *, now: datetime) -> str:
    """Return a one-time code for an officer of the agency of that full name."""
    with transaction(engine) as session:
        province = _province(session)
        by_name = {each.name: each.agency_id for each in agencies.agencies(session, province)}
        invited = Invited(Role.OFFICER, province, agency_id=by_name[agency])
        return codes.invite(session, invited, now=now).code


def _province(session: Session) -> ProvinceId:
    return agencies.keep_province(session, demo_words.PROVINCE)
