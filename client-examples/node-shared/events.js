/** What to ask of each event. The cursor is what a follower goes on from. */
export const SESSION_EVENTS = `subscription SessionEvents($projectId: ID!, $after: String) {
  sessionEvents(projectId: $projectId, after: $after) {
    __typename
    ... on SessionOpened { cursor session { id number } }
    ... on SessionUpdated { cursor session { id status } }
    ... on SessionRemoved { cursor sessionId }
    ... on MessageAdded { cursor message { id direction text } }
    ... on MessageUpdated { cursor message { id delivery { state } } }
    ... on MessageRemoved { cursor messageId }
    ... on ResyncRequired { cursor }
  }
}`;

/** How long to wait before the attempt after so many failed ones: longer each time, and not all clients at once. */
export function pause(failedAttempts) {
  const longest = Math.min(100 * 2 ** failedAttempts, 10_000);
  return new Promise((resolve) => setTimeout(resolve, longest * (0.5 + Math.random() / 2)));
}
