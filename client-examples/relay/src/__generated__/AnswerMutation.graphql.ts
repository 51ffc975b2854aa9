/**
 * @generated SignedSource<<ddb77c21aa744db72a0e673390220b1a>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
import { FragmentRefs } from "relay-runtime";
export type DeliveryState = "FAILED" | "QUEUED" | "SENT" | "UNKNOWN" | "%future added value";
export type MediaKind = "ANIMATION" | "AUDIO" | "DOCUMENT" | "PHOTO" | "STICKER" | "VIDEO" | "VIDEO_NOTE" | "VOICE" | "%future added value";
export type MessageSendErrorCode = "BUTTONS_INVALID" | "CANNED_REPLY_NOT_FOUND" | "ENTITIES_INVALID" | "FILE_NOT_FOUND" | "IDEMPOTENCY_KEY_MALFORMED" | "IDEMPOTENCY_KEY_REUSED" | "INVALID_ID" | "MEDIA_INVALID" | "NOT_ACTIVE_REPLIER" | "QUOTE_NOT_FOUND" | "REPLY_TO_NOT_FOUND" | "SESSION_CLOSED" | "SESSION_NOT_FOUND" | "TEXT_EMPTY" | "TEXT_TOO_LONG" | "%future added value";
export type MessageSendInput = {
  buttons?: ReadonlyArray<ReadonlyArray<MessageButtonInput>> | null | undefined;
  cannedReplyId?: string | null | undefined;
  entities?: ReadonlyArray<MessageEntityInput> | null | undefined;
  idempotencyKey?: string | null | undefined;
  media?: ReadonlyArray<MessageMediaInput> | null | undefined;
  quote?: string | null | undefined;
  replyToId?: string | null | undefined;
  sessionId: string;
  text?: string | null | undefined;
};
export type MessageEntityInput = {
  customEmojiId?: string | null | undefined;
  language?: string | null | undefined;
  length: number;
  offset: number;
  telegramUserId?: string | null | undefined;
  type: string;
  url?: string | null | undefined;
};
export type MessageMediaInput = {
  fileId: string;
  kind: MediaKind;
};
export type MessageButtonInput = {
  text: string;
  url?: string | null | undefined;
};
export type AnswerMutation$variables = {
  input: MessageSendInput;
};
export type AnswerMutation$data = {
  readonly messageSend: {
    readonly message: {
      readonly delivery: {
        readonly state: DeliveryState;
      } | null | undefined;
      readonly id: string;
      readonly session: {
        readonly " $fragmentSpreads": FragmentRefs<"SessionRow_session">;
      };
    } | null | undefined;
    readonly userErrors: ReadonlyArray<{
      readonly code: MessageSendErrorCode;
      readonly message: string;
      readonly path: ReadonlyArray<string>;
    }>;
  };
};
export type AnswerMutation = {
  response: AnswerMutation$data;
  variables: AnswerMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "input"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "input",
    "variableName": "input"
  }
],
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
},
v3 = {
  "alias": null,
  "args": null,
  "concreteType": "MessageDelivery",
  "kind": "LinkedField",
  "name": "delivery",
  "plural": false,
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "state",
      "storageKey": null
    }
  ],
  "storageKey": null
},
v4 = {
  "alias": null,
  "args": null,
  "concreteType": "MessageSendError",
  "kind": "LinkedField",
  "name": "userErrors",
  "plural": true,
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "code",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "message",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "path",
      "storageKey": null
    }
  ],
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "AnswerMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "MessageSendPayload",
        "kind": "LinkedField",
        "name": "messageSend",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": "Message",
            "kind": "LinkedField",
            "name": "message",
            "plural": false,
            "selections": [
              (v2/*:: as any*/),
              (v3/*:: as any*/),
              {
                "alias": null,
                "args": null,
                "concreteType": "Session",
                "kind": "LinkedField",
                "name": "session",
                "plural": false,
                "selections": [
                  {
                    "args": null,
                    "kind": "FragmentSpread",
                    "name": "SessionRow_session"
                  }
                ],
                "storageKey": null
              }
            ],
            "storageKey": null
          },
          (v4/*:: as any*/)
        ],
        "storageKey": null
      }
    ],
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "AnswerMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "MessageSendPayload",
        "kind": "LinkedField",
        "name": "messageSend",
        "plural": false,
        "selections": [
          {
            "alias": null,
            "args": null,
            "concreteType": "Message",
            "kind": "LinkedField",
            "name": "message",
            "plural": false,
            "selections": [
              (v2/*:: as any*/),
              (v3/*:: as any*/),
              {
                "alias": null,
                "args": null,
                "concreteType": "Session",
                "kind": "LinkedField",
                "name": "session",
                "plural": false,
                "selections": [
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "number",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "status",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "unreadCount",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "lastMessageAt",
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "concreteType": "Customer",
                    "kind": "LinkedField",
                    "name": "customer",
                    "plural": false,
                    "selections": [
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "name",
                        "storageKey": null
                      },
                      (v2/*:: as any*/)
                    ],
                    "storageKey": null
                  },
                  {
                    "alias": null,
                    "args": null,
                    "concreteType": "Message",
                    "kind": "LinkedField",
                    "name": "lastMessage",
                    "plural": false,
                    "selections": [
                      {
                        "alias": null,
                        "args": null,
                        "kind": "ScalarField",
                        "name": "text",
                        "storageKey": null
                      },
                      (v2/*:: as any*/)
                    ],
                    "storageKey": null
                  },
                  (v2/*:: as any*/)
                ],
                "storageKey": null
              }
            ],
            "storageKey": null
          },
          (v4/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "9898a21a80ec0e2170d11cf5b202e572",
    "id": null,
    "metadata": {},
    "name": "AnswerMutation",
    "operationKind": "mutation",
    "text": "mutation AnswerMutation(\n  $input: MessageSendInput!\n) {\n  messageSend(input: $input) {\n    message {\n      id\n      delivery {\n        state\n      }\n      session {\n        ...SessionRow_session\n        id\n      }\n    }\n    userErrors {\n      code\n      message\n      path\n    }\n  }\n}\n\nfragment SessionRow_session on Session {\n  number\n  status\n  unreadCount\n  lastMessageAt\n  customer {\n    name\n    id\n  }\n  lastMessage {\n    text\n    id\n  }\n  id\n}\n"
  }
};
})();

(node as any).hash = "8e6f1e6a2656e36c4bb0a8f84fe0cdb4";

export default node;
