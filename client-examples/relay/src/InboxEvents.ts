import { graphql } from 'relay-runtime';

/**
 * Keeps what is on the screen up to date: Relay writes each event into the objects of the same `id`, so that rows of
 * the inbox change by themselves. New sessions are added by the updater, as the order of the list decides their place.
 */
export const InboxEventsSubscription = graphql`
  subscription InboxEventsSubscription($projectId: ID!, $after: String) {
    sessionEvents(projectId: $projectId, after: $after) {
      __typename
      ... on SessionOpened {
        cursor
        session {
          id
          ...SessionRow_session
        }
      }
      ... on SessionUpdated {
        cursor
        session {
          id
          ...SessionRow_session
        }
      }
      ... on SessionRemoved {
        cursor
        sessionId
      }
      ... on MessageAdded {
        cursor
        session {
          id
          ...SessionRow_session
        }
      }
      ... on ResyncRequired {
        cursor
      }
    }
  }
`;
