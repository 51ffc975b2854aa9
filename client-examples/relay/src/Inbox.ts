import { graphql } from 'relay-runtime';

/** The first page of the inbox. */
export const InboxQuery = graphql`
  query InboxQuery($projectId: ID!) {
    project(id: $projectId) {
      eventCursor
      ...Inbox_project
    }
  }
`;

/** A page of sessions, which Relay can load more of: the project is refetched by `node(id)`. */
export const InboxProject = graphql`
  fragment Inbox_project on Project
  @refetchable(queryName: "InboxPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    name
    sessions(first: $count, after: $cursor) @connection(key: "Inbox_sessions") {
      edges {
        node {
          id
          ...SessionRow_session
        }
      }
    }
  }
`;
