#!/usr/bin/env bash
# Files with nothing but curl and jq: a customer sends a photo, an agent downloads it and sends one back.
#
#   SWITCHBOARD_PASSWORD=… client-examples/photo.sh
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

# Asks until a jq filter finds something in the answer, and prints that. Programs that stay subscribe instead.
until_found() { # FILTER OPERATION VARIABLES
    for _ in {1..100}; do
        graphql "$2" "$3" | jq -ce "$1" && return
        sleep 0.1
    done
    echo "Nothing was found by: $1" >&2
    return 1
}

echo "== Sign in, and find the sandbox"
token=$(graphql 'mutation SignIn($input: SignInInput!) {
    signIn(input: $input) { accessToken userErrors { code message } }
}' "$(jq -n --arg email "$email" --arg password "$password" '{ input: { $email, $password } }')" |
    accepted | jq -r .accessToken)
project=$(graphql '{ projects(first: 100) { nodes { id sandbox } } }' |
    jq -r 'first(.projects.nodes[] | select(.sandbox)).id')

echo "== A simulated customer sends a photo"
graphql 'mutation CustomerSends($input: SandboxCustomerSendInput!) {
    sandboxCustomerSend(input: $input) { userErrors { code message } }
}' "$(jq -n --arg projectId "$project" '{ input: {
    $projectId, telegramUserId: "1002", name: "Grace", text: "It came like this",
    media: { kind: "PHOTO", width: 320, height: 240 }
} }')" | accepted >/dev/null
received=$(until_found '.sessions.nodes[0] | { sessionId: .id, media: (.messages.nodes[] | .media // empty) }' \
    'query Inbox($projectId: ID!) {
        sessions(projectId: $projectId, first: 1) { nodes { id messages(last: 5) { nodes {
            media { kind width height sizeBytes downloadUrl downloadRefusal }
        } } } }
    }' "$(jq -n --arg projectId "$project" '{ $projectId }')" | tail -n 1)
jq '.media | del(.downloadUrl)' <<<"$received"

echo "== The agent downloads it"
# The address has a ticket of its own, so that it can stand in an img. It is good for ten minutes.
directory=$(mktemp -d)
trap 'rm -r "$directory"' EXIT
curl -sSf --max-time 10 "$url$(jq -r .media.downloadUrl <<<"$received")" -o "$directory/photo.jpg"
[[ $(wc -c <"$directory/photo.jpg") -eq $(jq .media.sizeBytes <<<"$received") ]]

echo "== The agent uploads a photo, and sends it with a caption"
file=$(curl -sSf --max-time 10 "$url/files?projectId=$project&name=photo.jpg" \
    -H "authorization: Bearer $token" \
    -H 'content-type: image/jpeg' \
    --data-binary @"$directory/photo.jpg")
echo "$file"
message=$(graphql 'mutation Answer($input: MessageSendInput!) {
    messageSend(input: $input) { message { id } userErrors { code message path } }
}' "$(jq -n --argjson received "$received" --argjson file "$file" \
    --arg idempotencyKey "$(cat /proc/sys/kernel/random/uuid)" '{ input: {
        sessionId: $received.sessionId, $idempotencyKey,
        media: [{ fileId: $file.id, kind: "PHOTO" }],
        text: "Do you mean this corner?", entities: [{ type: "bold", offset: 12, length: 4 }]
    } }')" | accepted | jq -r .message.id)
until_found '.node | select(.delivery.state != "QUEUED")' 'query Delivery($id: ID!) {
    node(id: $id) { ... on Message { kind text delivery { state error } } }
}' "$(jq -n --arg id "$message" '{ $id }')" >"$directory/sent.json"
jq -e 'if .delivery.state == "SENT" then . else error(.delivery | tostring) end' "$directory/sent.json"

echo "The photo was sent."
