"""Follows a desk with gql through a lost connection and a refused token, and checks that no event is missing."""

import asyncio
import os
from collections.abc import AsyncIterator

from gql.transport.exceptions import TransportQueryError

from follow import follow
from line import Line
from session import Session

SANDBOX = "query Sandbox { projects(first: 100) { nodes { id sandbox eventCursor } } }"

CUSTOMER_WRITES = """
mutation CustomerWrites($input: SandboxCustomerSendInput!) {
  sandboxCustomerSend(input: $input) { userErrors { message } }
}"""

FIRST = "My order has not arrived"
WHILE_AWAY = ["Are you there?", "It is urgent"]
LAST = "Thank you"


async def main() -> None:
    url = os.environ.get("SWITCHBOARD_URL", "http://127.0.0.1:4000")
    email = os.environ.get("SWITCHBOARD_EMAIL", "admin@localhost")
    session = await Session.sign_in(url, email, os.environ["SWITCHBOARD_PASSWORD"])
    sandbox = await find_sandbox(session)
    await check_errors(session)

    # A script that slept over night: the server does not take its access token any more.
    kept = Session(url, "yesterday", session.refresh_token)
    events: list[dict] = []
    async with Line(url) as line:
        following = follow(line.url, kept, sandbox["id"], sandbox["eventCursor"])

        await customer_writes(session, sandbox, FIRST)
        await until_message(FIRST, following, events)
        assert kept.access_token != "yesterday", "the old token was refused, and renewed"

        line.cut()
        for text in WHILE_AWAY:
            await customer_writes(session, sandbox, text)
        line.restore()
        await until_message(WHILE_AWAY[-1], following, events)

        await customer_writes(session, sandbox, LAST)
        await until_message(LAST, following, events)
        await following.aclose()

    texts = [event["message"]["text"] for event in events if event["__typename"] == "MessageAdded"]
    assert texts == [FIRST, *WHILE_AWAY, LAST], texts
    assert len({event["cursor"] for event in events}) == len(events), "an event came twice"
    print("Every event arrived once and in order.")


async def find_sandbox(session: Session) -> dict:
    projects = (await session.execute(SANDBOX))["projects"]["nodes"]
    return next(project for project in projects if project["sandbox"])


async def customer_writes(session: Session, sandbox: dict, text: str) -> None:
    data = {"projectId": sandbox["id"], "telegramUserId": "1001", "name": "Ada", "text": text}
    payload = (await session.execute(CUSTOMER_WRITES, {"input": data}))["sandboxCustomerSend"]
    assert payload["userErrors"] == [], payload


async def until_message(text: str, following: AsyncIterator[dict], events: list[dict]) -> None:
    async for event in following:
        events.append(event)
        added = event["message"]["text"] if event["__typename"] == "MessageAdded" else ""
        print(event["__typename"], added)
        if added == text:
            return


async def check_errors(session: Session) -> None:
    """What is refused has a code to decide by, and the id under which the server has logged it."""
    try:
        await session.execute("{ nothing }")
    except TransportQueryError as error:
        extensions = error.errors[0]["extensions"]
        assert extensions["code"] == "GRAPHQL_VALIDATION_FAILED", extensions
        assert extensions["requestId"], extensions
    else:
        raise AssertionError("a field that does not exist was answered")


async def within(seconds: float) -> None:
    async with asyncio.timeout(seconds):
        await main()


if __name__ == "__main__":
    asyncio.run(within(30))
