import { graphql } from 'relay-runtime';

/** What a row of the inbox shows. It can be loaded anew by itself, by `node(id)`. */
export const SessionRowSession = graphql`
  fragment SessionRow_session on Session @refetchable(queryName: "SessionRowRefetchQuery") {
    number
    status
    unreadCount
    lastMessageAt
    customer {
      name
    }
    lastMessage {
      text
    }
  }
`;
