"""Signing in, and staying signed in."""

from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport

SIGN_IN = """
mutation SignIn($input: SignInInput!) {
  signIn(input: $input) { accessToken refreshToken userErrors { message } }
}"""

TOKEN_REFRESH = """
mutation TokenRefresh($input: TokenRefreshInput!) {
  tokenRefresh(input: $input) { accessToken refreshToken userErrors { message } }
}"""


class Session:
    """Someone who is signed in to a desk: keeps the tokens, renews them, and sends queries and mutations."""

    def __init__(self, url: str, access_token: str, refresh_token: str) -> None:
        self.url = url
        self.access_token = access_token
        self.refresh_token = refresh_token

    @classmethod
    async def sign_in(cls, url: str, email: str, password: str) -> "Session":
        data = await post(url, SIGN_IN, {"input": {"email": email, "password": password}})
        return cls(url, *granted(data["signIn"]))

    async def execute(self, document: str, variables: dict | None = None) -> dict:
        """The data of a query or a mutation. Errors are raised as `TransportQueryError`."""
        return await post(self.url, document, variables, {"Authorization": f"Bearer {self.access_token}"})

    async def renew(self) -> None:
        """Exchanges the refresh token, which works once, for the next tokens."""
        data = await post(self.url, TOKEN_REFRESH, {"input": {"refreshToken": self.refresh_token}})
        self.access_token, self.refresh_token = granted(data["tokenRefresh"])


async def post(url: str, document: str, variables: dict | None, headers: dict | None = None) -> dict:
    transport = AIOHTTPTransport(url=f"{url}/graphql", headers=headers)
    async with Client(transport=transport) as client:
        request = gql(document)
        request.variable_values = variables
        return await client.execute(request)


def granted(payload: dict) -> tuple[str, str]:
    if payload["userErrors"]:
        raise PermissionError(payload["userErrors"][0]["message"])
    return payload["accessToken"], payload["refreshToken"]
