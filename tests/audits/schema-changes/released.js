/** The schema of the last release. */
export const RELEASED = new URL('../released.graphql', import.meta.url);
