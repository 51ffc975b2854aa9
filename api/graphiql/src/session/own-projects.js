import { learnFrom } from '../editor/known-ids.js';
import { execute } from '../operations/fetcher.js';
import { session } from './session.js';
import query from './own-projects.graphql';

/** Looks up the projects of whoever is signed in, now and after each sign-in, so that the examples can name one. */
export function lookUpProjects() {
  if (session.get()) lookUp();
  session.subscribe((now, before) => {
    if (now && now.signIn !== before?.signIn) lookUp();
  });
}

async function lookUp() {
  try {
    learnFrom((await execute({ query })).data);
  } catch (error) {
    // The examples still work with an id that someone types.
    console.warn('The projects could not be looked up.', error);
  }
}
