"""A server that answers 200 to whatever comes and does nothing else: the load client's ceiling.

python -m tests.bench.trivial --port 8000
"""

import select
import socket
from argparse import ArgumentParser

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def serve(port: int) -> None:
    """Answer on 127.0.0.1 until the process is ended; a request must come in one piece."""
    poll = select.epoll()
    listening = socket.create_server(("127.0.0.1", port), backlog=128)
    poll.register(listening.fileno(), select.EPOLLIN)
    connections: dict[int, socket.socket] = {}
    while True:
        for fd, _ in poll.poll():
            if fd == listening.fileno():
                connection, _ = listening.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connections[connection.fileno()] = connection
                poll.register(connection.fileno(), select.EPOLLIN)
            elif connections[fd].recv(65536):
                connections[fd].sendall(ANSWER)
            else:
                poll.unregister(fd)
                connections.pop(fd).close()


def main() -> None:
    """Read the port and serve."""
    parser = ArgumentParser(prog="python -m tests.bench.trivial")
    parser.add_argument("--port", type=int, required=True)
    serve(parser.parse_args().port)


if __name__ == "__main__":
    main()
