/**
 * @generated SignedSource<<fc385896266875dfc4ba5f4b4db2456b>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import { ConcreteRequest } from 'relay-runtime';
import { FragmentRefs } from "relay-runtime";
export type InboxEventsSubscription$variables = {
  after?: string | null | undefined;
  projectId: string;
};
export type InboxEventsSubscription$data = {
  readonly sessionEvents: {
    readonly __typename: "MessageAdded";
    readonly cursor: string;
    readonly session: {
      readonly id: string;
      readonly " $fragmentSpreads": FragmentRefs<"SessionRow_session">;
    } | null | undefined;
  } | {
    readonly __typename: "ResyncRequired";
    readonly cursor: string;
  } | {
    readonly __typename: "SessionOpened";
    readonly cursor: string;
    readonly session: {
      readonly id: string;
      readonly " $fragmentSpreads": FragmentRefs<"SessionRow_session">;
    } | null | undefined;
  } | {
    readonly __typename: "SessionRemoved";
    readonly cursor: string;
    readonly sessionId: string;
  } | {
    readonly __typename: "SessionUpdated";
    readonly cursor: string;
    readonly session: {
      readonly id: string;
      readonly " $fragmentSpreads": FragmentRefs<"SessionRow_session">;
    } | null | undefined;
  } | {
    // This will never be '%other', but we need some
    // value in case none of the concrete values match.
    readonly __typename: "%other";
  };
};
export type InboxEventsSubscription = {
  response: InboxEventsSubscription$data;
  variables: InboxEventsSubscription$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "after"
},
v1 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "projectId"
},
v2 = [
  {
    "kind": "Variable",
    "name": "after",
    "variableName": "after"
  },
  {
    "kind": "Variable",
    "name": "projectId",
    "variableName": "projectId"
  }
],
v3 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "__typename",
  "storageKey": null
},
v4 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "cursor",
  "storageKey": null
},
v5 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
},
v6 = [
  (v4/*:: as any*/),
  {
    "alias": null,
    "args": null,
    "concreteType": "Session",
    "kind": "LinkedField",
    "name": "session",
    "plural": false,
    "selections": [
      (v5/*:: as any*/),
      {
        "args": null,
        "kind": "FragmentSpread",
        "name": "SessionRow_session"
      }
    ],
    "storageKey": null
  }
],
v7 = {
  "kind": "InlineFragment",
  "selections": [
    (v4/*:: as any*/),
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "sessionId",
      "storageKey": null
    }
  ],
  "type": "SessionRemoved",
  "abstractKey": null
},
v8 = {
  "kind": "InlineFragment",
  "selections": [
    (v4/*:: as any*/)
  ],
  "type": "ResyncRequired",
  "abstractKey": null
},
v9 = [
  (v4/*:: as any*/),
  {
    "alias": null,
    "args": null,
    "concreteType": "Session",
    "kind": "LinkedField",
    "name": "session",
    "plural": false,
    "selections": [
      (v5/*:: as any*/),
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
          (v5/*:: as any*/)
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
          (v5/*:: as any*/)
        ],
        "storageKey": null
      }
    ],
    "storageKey": null
  }
];
return {
  "fragment": {
    "argumentDefinitions": [
      (v0/*:: as any*/),
      (v1/*:: as any*/)
    ],
    "kind": "Fragment",
    "metadata": null,
    "name": "InboxEventsSubscription",
    "selections": [
      {
        "alias": null,
        "args": (v2/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "sessionEvents",
        "plural": false,
        "selections": [
          (v3/*:: as any*/),
          {
            "kind": "InlineFragment",
            "selections": (v6/*:: as any*/),
            "type": "SessionOpened",
            "abstractKey": null
          },
          {
            "kind": "InlineFragment",
            "selections": (v6/*:: as any*/),
            "type": "SessionUpdated",
            "abstractKey": null
          },
          (v7/*:: as any*/),
          {
            "kind": "InlineFragment",
            "selections": (v6/*:: as any*/),
            "type": "MessageAdded",
            "abstractKey": null
          },
          (v8/*:: as any*/)
        ],
        "storageKey": null
      }
    ],
    "type": "Subscription",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [
      (v1/*:: as any*/),
      (v0/*:: as any*/)
    ],
    "kind": "Operation",
    "name": "InboxEventsSubscription",
    "selections": [
      {
        "alias": null,
        "args": (v2/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "sessionEvents",
        "plural": false,
        "selections": [
          (v3/*:: as any*/),
          {
            "kind": "InlineFragment",
            "selections": (v9/*:: as any*/),
            "type": "SessionOpened",
            "abstractKey": null
          },
          {
            "kind": "InlineFragment",
            "selections": (v9/*:: as any*/),
            "type": "SessionUpdated",
            "abstractKey": null
          },
          (v7/*:: as any*/),
          {
            "kind": "InlineFragment",
            "selections": (v9/*:: as any*/),
            "type": "MessageAdded",
            "abstractKey": null
          },
          (v8/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "3c0dc792ca33eb2758ff6702706efd04",
    "id": null,
    "metadata": {},
    "name": "InboxEventsSubscription",
    "operationKind": "subscription",
    "text": "subscription InboxEventsSubscription(\n  $projectId: ID!\n  $after: String\n) {\n  sessionEvents(projectId: $projectId, after: $after) {\n    __typename\n    ... on SessionOpened {\n      cursor\n      session {\n        id\n        ...SessionRow_session\n      }\n    }\n    ... on SessionUpdated {\n      cursor\n      session {\n        id\n        ...SessionRow_session\n      }\n    }\n    ... on SessionRemoved {\n      cursor\n      sessionId\n    }\n    ... on MessageAdded {\n      cursor\n      session {\n        id\n        ...SessionRow_session\n      }\n    }\n    ... on ResyncRequired {\n      cursor\n    }\n  }\n}\n\nfragment SessionRow_session on Session {\n  number\n  status\n  unreadCount\n  lastMessageAt\n  customer {\n    name\n    id\n  }\n  lastMessage {\n    text\n    id\n  }\n  id\n}\n"
  }
};
})();

(node as any).hash = "a97e846dc464eec8f64fe9f406370351";

export default node;
