#!/usr/bin/env bash
# A first conversation with nothing but curl and jq: sign in, watch, a customer writes, an agent answers.
#
#   SWITCHBOARD_PASSWORD=… client-examples/curl.sh
set -euo pipefail

url=${SWITCHBOARD_URL:-http://127.0.0.1:4000}
email=${SWITCHBOARD_EMAIL:-admin@localhost}
password=${SWITCHBOARD_PASSWORD:?set it to the password that the server printed}
token=""

# Sends an operation with its variables and prints the data. Anything but data ends the script.
graphql() { # OPERATION [VARIABLES]
    jq -n --arg query "$1" --argjson variables "${2:-null}" '{ $query, $variables }' |
        curl -sS "$url/graphql" --max-time 10 --data-binary @- \
            -H 'content-type: application/json' \
            -H 'accept: application/graphql-response+json' \
            ${token:+-H "authorization: Bearer $token"} |
        jq 'if .errors then error(.errors | tostring) else .data end'
}

# Fails unless a mutation has no user errors, and prints its payload.
accepted() {
    jq 'first(.[]) | if .userErrors == [] then . else error(.userErrors | tostring) end'
}

echo "== Sign in"
token=$(graphql 'mutation SignIn($input: SignInInput!) {
    signIn(input: $input) { accessToken userErrors { code message } }
}' "$(jq -n --arg email "$email" --arg password "$password" '{ input: { $email, $password } }')" |
    accepted | jq -r .accessToken)

echo "== Find the sandbox"
sandbox=$(graphql '{ projects(first: 100) { nodes { id name sandbox eventCursor } } }' |
    jq 'first(.projects.nodes[] | select(.sandbox))')
project=$(jq -r .id <<<"$sandbox")

echo "== Watch it by server-sent events, in the background"
exec {events}< <(curl -sSN "$url/graphql" --max-time 30 \
    -H 'content-type: application/json' \
    -H 'accept: text/event-stream' \
    -H "authorization: Bearer $token" \
    --data-binary "$(jq -n --argjson sandbox "$sandbox" '{
        query: "subscription Watch($projectId: ID!, $after: String) {
            sessionEvents(projectId: $projectId, after: $after) {
                __typename
                ... on MessageAdded { cursor message { direction text } session { id } }
                ... on MessageUpdated { cursor message { text delivery { state } } }
            }
        }",
        variables: { projectId: $sandbox.id, after: $sandbox.eventCursor }
    }')")
watcher=$!
trap 'kill "$watcher" 2>/dev/null || true' EXIT

# Prints the next event for which a jq condition holds, waiting for it if need be.
event() { # CONDITION
    local line
    while IFS= read -r line <&"$events"; do
        [[ $line == "data: {"* ]] || continue
        jq -ce ".data.sessionEvents | select($1)" <<<"${line#data: }" && return
    done
    echo "The stream ended without the event: $1" >&2
    return 1
}

echo "== A simulated customer writes"
graphql 'mutation CustomerWrites($input: SandboxCustomerSendInput!) {
    sandboxCustomerSend(input: $input) { userErrors { code message } }
}' "$(jq -n --arg projectId "$project" \
    '{ input: { $projectId, telegramUserId: "1001", name: "Ada", text: "My order has not arrived" } }')" |
    accepted >/dev/null
written=$(event '.__typename == "MessageAdded" and .message.direction == "INBOUND"')
echo "$written"
session=$(jq -r .session.id <<<"$written")

echo "== An agent answers"
graphql 'mutation Answer($input: MessageSendInput!) {
    messageSend(input: $input) { message { delivery { state } } userErrors { code message } }
}' "$(jq -n --arg sessionId "$session" --arg idempotencyKey "$(cat /proc/sys/kernel/random/uuid)" \
    '{ input: { $sessionId, $idempotencyKey, text: "I am looking into it." } }')" |
    accepted
event '.__typename == "MessageUpdated" and .message.delivery.state == "SENT"'

echo "The answer was sent."
