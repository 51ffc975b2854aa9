import { Store } from '../store.js';

/** The ids of GraphiQL's tabs: `{ active, all }`. */
export const tabs = new Store({ active: null, all: [] });
