"""What schemathesis does not know of Switchboard: what its scalars look like, and what counts as a fault."""

import atexit
import collections
import json
import os

import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes

# Codes that tell of a fault of the server and not of the request. `TIMEOUT` and `UNAVAILABLE` do not come up on a
# server that has nothing else to do.
FAULTS = {"INTERNAL", "TIMEOUT", "UNAVAILABLE"}

# The ids of objects that the server has: requests with made-up ids alone would not get far.
KNOWN_IDS = json.loads(os.environ["SWITCHBOARD_KNOWN_IDS"])

outcomes: collections.Counter = collections.Counter()

schemathesis.graphql.scalar("DateTime", st.datetimes().map(lambda moment: nodes.String(moment.isoformat() + "Z")))
schemathesis.graphql.scalar("ID", st.one_of(st.sampled_from(KNOWN_IDS), st.text(max_size=40)).map(nodes.String))
# Most of them small, since pages have at most 100 items.
schemathesis.graphql.scalar("Int", st.one_of(st.integers(1, 20), st.integers(-(2**31), 2**31 - 1)).map(nodes.Int))


@schemathesis.check
def no_fault_of_the_server(ctx, response, case) -> None:
    assert response.status_code < 500, f"status {response.status_code}: {response.text}"
    answer = response.json()
    errors = answer.get("errors", [])
    for error in errors:
        extensions = error.get("extensions", {})
        assert extensions.get("code"), f"an error without a code: {error}"
        assert extensions.get("requestId"), f"an error without the id of its request: {error}"
        assert extensions["code"] not in FAULTS, f"a fault of the server: {error}"
    assert errors or "data" in answer, f"neither data nor errors: {answer}"
    outcomes[errors[0]["extensions"]["code"] if errors else "answered"] += 1


@atexit.register
def tell_outcomes() -> None:
    print("Outcomes:", json.dumps(dict(outcomes.most_common())))
