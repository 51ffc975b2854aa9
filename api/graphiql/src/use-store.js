import { useSyncExternalStore } from 'react';

/** The value of a store, in a component that is drawn again when it changes. */
export function useStore(store) {
  return useSyncExternalStore(store.subscribe, store.get);
}
