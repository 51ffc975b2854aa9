"""Following what happens in a project, without a gap and without a repeat."""

import asyncio
import random
from collections.abc import AsyncIterator

from gql import Client, gql
from gql.transport.exceptions import TransportClosed, TransportConnectionFailed
from gql.transport.websockets import WebsocketsTransport
from websockets.exceptions import ConnectionClosed

from session import Session

SESSION_EVENTS = """
subscription SessionEvents($projectId: ID!, $after: String) {
  sessionEvents(projectId: $projectId, after: $after) {
    __typename
    ... on SessionOpened { cursor session { id number } }
    ... on SessionUpdated { cursor session { id status } }
    ... on SessionRemoved { cursor sessionId }
    ... on MessageAdded { cursor message { id direction text } }
    ... on MessageUpdated { cursor message { id delivery { state } } }
    ... on MessageRemoved { cursor messageId }
    ... on ResyncRequired { cursor }
  }
}"""

# The close code of a server that does not take the access token, or does not take it any more.
FORBIDDEN = 4403

# The close codes after which another attempt can help: going away, lost, restarting, try again later.
PASSING = {1001, 1005, 1006, 1012, 1013}


async def follow(url: str, session: Session, project_id: str, after: str) -> AsyncIterator[dict]:
    """Yields each event after the cursor `after`, whatever happens to the connection."""
    cursor = after
    failed_attempts = 0
    while True:
        try:
            async with Client(transport=socket(url, session)) as client:
                request = gql(SESSION_EVENTS)
                request.variable_values = {"projectId": project_id, "after": cursor}
                async for data in client.subscribe(request):
                    failed_attempts = 0
                    event = data["sessionEvents"]
                    cursor = event["cursor"]
                    yield event
        except (TransportClosed, TransportConnectionFailed) as error:
            code = close_code(error)
            if code == FORBIDDEN:
                await session.renew()
            elif code is not None and code not in PASSING:
                raise
        await pause(failed_attempts)
        failed_attempts += 1


def socket(url: str, session: Session) -> WebsocketsTransport:
    return WebsocketsTransport(
        url=f"{url.replace('http', 'ws', 1)}/graphql",
        init_payload={"Authorization": f"Bearer {session.access_token}"},
    )


def close_code(error: BaseException | None) -> int | None:
    """The code with which the socket was closed, or nothing if there was no connection to be closed."""
    while error is not None:
        if isinstance(error, ConnectionClosed):
            return error.rcvd.code if error.rcvd else 1006
        error = error.__cause__
    return None


async def pause(failed_attempts: int) -> None:
    """Waits longer after each failed attempt, and not as long as all other clients do."""
    longest = min(0.1 * 2**failed_attempts, 10)
    await asyncio.sleep(longest * random.uniform(0.5, 1))
