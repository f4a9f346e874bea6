"""What the webhook counts about itself; each web process counts its own."""

from prometheus_client import Counter, Histogram

_events = Counter("ita_webhook_events_total", "Events of accepted calls, by fate", ["fate"])
KEPT = _events.labels("kept")
KNOWN = _events.labels("known")
"""Events that LINE sent again."""
SPOOLED = _events.labels("spooled")
REPLAYED = _events.labels("replayed")
"""Events that came out of the spool into the database; they were counted as spooled before."""
MALFORMED = _events.labels("malformed")

_refused = Counter("ita_webhook_refused_total", "Calls that were refused, by reason", ["reason"])
BAD_SIGNATURE = _refused.labels("signature")
BAD_BODY = _refused.labels("body")
TOO_LARGE = _refused.labels("size")
SPOOL_FULL = _refused.labels("spool_full")
FAILED = _refused.labels("failed")

SECONDS = Histogram(
    "ita_webhook_seconds",
    "Seconds from a call's arrival to its answer",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.04, 0.1, 0.25, 0.5, 1, 2),
)
