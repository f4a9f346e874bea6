"""One call to LINE's Messaging API through the SDK's client: its answer, or why there is none.

The SDK's client is used below its models (`ApiClient.call_api`): they drop unknown fields of a
dict without a word and raise on a 200 with an odd body, after LINE has accepted the message.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import urllib3
from linebot.v3.messaging import ApiClient, ApiException, Configuration

TIMEOUT_SECONDS = (3.0, 10.0)
"""To connect, and to wait for the answer; the SDK itself would wait for ever."""


class NoConnectionError(Exception):
    """LINE was not reached: the call has certainly not arrived."""


class NoAnswerError(Exception):
    """The connection broke or LINE took too long: the call may have arrived."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What LINE answered, whatever the status; names of headers in any case."""

    status: int
    headers: Mapping[str, str]
    body: str | bytes


class LineApi:
    """The SDK's connection pool; one per process, used by threads."""

    def __init__(
        self, access_token: str, host: str, *, threads: int, timeout: tuple[float, float]
    ) -> None:
        configuration = Configuration(access_token=access_token, host=host)
        configuration.connection_pool_maxsize = threads
        # Who calls decides about retries; urllib3 would make them behind his back.
        configuration.retries = False
        self._client = ApiClient(configuration)
        self._timeout = timeout

    def call(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Make one call, with the body as JSON where there is one.

        Raises:
            NoConnectionError, NoAnswerError: when there is no answer.
        """
        content = {} if body is None else {"Content-Type": "application/json"}
        try:
            answer = self._client.call_api(
                path,
                method,
                header_params={**content, **(headers or {})},
                body=body,
                response_types_map={},
                auth_settings=["Bearer"],
                _request_timeout=self._timeout,
            )
        except ApiException as error:
            if not error.status:  # the SDK's for a TLS that cannot be trusted; OpenSSL's reason
                raise NoAnswerError(" ".join(str(error.reason).split())) from error
            return Answer(error.status, error.headers or {}, error.body or "")
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as e:
            raise NoConnectionError(str(e)) from e
        except (urllib3.exceptions.HTTPError, UnicodeDecodeError) as e:
            raise NoAnswerError(str(e)) from e
        return Answer(answer.status_code, answer.headers, answer.raw_data)
