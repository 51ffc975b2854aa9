"""A network between a client and the server that can be cut, to see that the client gets over it."""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit


class Line:
    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._whole = True
        self._ends: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> "Line":
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        self._server.close()

    @property
    def url(self) -> str:
        """Where clients connect to."""
        return "http://127.0.0.1:{}".format(self._server.sockets[0].getsockname()[1])

    def cut(self) -> None:
        """Breaks all connections, and refuses new ones."""
        self._whole = False
        for end in self._ends:
            end.transport.abort()

    def restore(self) -> None:
        self._whole = True

    async def _connect(self, client_reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        if not self._whole:
            return client.transport.abort()
        server_reader, server = await asyncio.open_connection(self._target.hostname, self._target.port)
        self._ends |= {client, server}
        await asyncio.gather(pump(client_reader, server), pump(server_reader, client))
        self._ends -= {client, server}


async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.close()
