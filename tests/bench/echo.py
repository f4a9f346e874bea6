"""The README's echo example of line-bot-sdk 3.27.0, its reply stubbed, under our server's options.

What to compare the webhook with: it verifies, parses, answers each text, and keeps nothing.
Between the two lines of dashes stands the README's code as printed there, but for two names:
`MessagingApi` is the stub below, and the secret is the bench's.
"""

import sys
from argparse import ArgumentParser
from typing import Any

from flask import Flask, abort, request
from gunicorn.app.base import BaseApplication
from linebot.v3 import WebhookHandler
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import ApiClient, Configuration, ReplyMessageRequest, TextMessage
from linebot.v3.messaging import MessagingApi as RealMessagingApi
from linebot.v3.webhooks import MessageEvent, TextMessageContent

from tests.bench.bodies import SECRET


class MessagingApi(RealMessagingApi):
    """The SDK's own client whose reply returns at once: nothing is encoded, nothing leaves.

    The cheapest stub there is, so the hardest echo to compare with.
    """

    def reply_message_with_http_info(self, *_: Any, **__: Any) -> None:
        """Do nothing."""


# ---------------------------------------------------------------------------------------------
app = Flask(__name__)

configuration = Configuration(access_token="YOUR_CHANNEL_ACCESS_TOKEN")
handler = WebhookHandler(SECRET)


@app.route("/callback", methods=["POST"])
def callback() -> str:
    # get X-Line-Signature header value
    signature = request.headers["X-Line-Signature"]

    # get request body as text
    body = request.get_data(as_text=True)
    app.logger.info("Request body: " + body)  # noqa: G003 - as the README has it

    # handle webhook body
    try:
        handler.handle(body, signature)
    except InvalidSignatureError:
        app.logger.info("Invalid signature. Please check your channel access token/channel secret.")
        abort(400)

    return "OK"


@handler.add(MessageEvent, message=TextMessageContent)
def handle_message(event: Any) -> None:
    with ApiClient(configuration) as api_client:
        line_bot_api = MessagingApi(api_client)
        line_bot_api.reply_message_with_http_info(
            ReplyMessageRequest(
                reply_token=event.reply_token, messages=[TextMessage(text=event.message.text)]
            )
        )


# ---------------------------------------------------------------------------------------------


class _Server(BaseApplication):
    def __init__(self, port: int, workers: int, threads: int) -> None:
        # As bot/server.py has them.
        self._options = {
            "bind": f"127.0.0.1:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": threads,
            "graceful_timeout": 10,
            "control_socket_disable": True,
            "loglevel": "warning",
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return app


def main() -> None:
    """Serve the example until the process is ended."""
    parser = ArgumentParser(prog="python -m tests.bench.echo")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=16)
    given = parser.parse_args()
    # Gunicorn reads the command line as well, and knows none of these.
    sys.argv = sys.argv[:1]
    _Server(given.port, given.workers, given.threads).run()


if __name__ == "__main__":
    main()
