import { Store } from '../store.js';
import { session } from '../session/session.js';
import { learnFrom } from '../editor/known-ids.js';
import { tabs } from '../editor/tabs.js';
import { connect } from './connection.js';

/** The log is for looking on, not for keeping. */
const MOST_EVENTS = 200;

/**
 * The subscriptions that run, each belonging to the tab that started it.
 *
 * GraphiQL stops a subscription as soon as its user looks at another tab, but the point of one is to see what the
 * operations in the other tabs do. So it is left running here, and all that arrives is shown below the editors.
 */
class Subscriptions {
  /** `{ running: [{ id, tabId, name }], events: [{ id, name, at, result }], connected }` */
  state = new Store({ running: [], events: [], connected: false });
  #client = null;
  #stops = new Map();
  #nextId = 1;

  constructor() {
    // A socket belongs to one agent.
    session.subscribe((now, before) => now?.signIn === before?.signIn || this.#disconnect());
  }

  /** What GraphiQL gets of a subscription: something to subscribe to and to unsubscribe from. */
  observable(request, operation) {
    return {
      subscribe: (observer) => {
        const tabId = tabs.get().active;
        const id = this.#start(request, operation, tabId, observer);
        return { unsubscribe: () => this.#leave(id, tabId) };
      },
    };
  }

  stop(id) {
    this.#stops.get(id)?.();
    this.#ended(id);
  }

  clear() {
    this.state.update((state) => ({ ...state, events: [] }));
  }

  #start(request, operation, tabId, observer) {
    for (const { id } of this.state.get().running.filter((other) => other.tabId === tabId)) this.stop(id);
    const id = this.#nextId++;
    const name = operation.name?.value ?? 'Subscription';
    this.state.update((state) => ({ ...state, running: [...state.running, { id, tabId, name }] }));
    this.#client ??= connect((connected) => this.state.update((state) => ({ ...state, connected })));

    const payload = resumable(request, operation);
    const stop = this.#client.subscribe(payload, {
      next: (result) => {
        payload.resumeAfter(cursorOf(result));
        learnFrom(result.data);
        this.#log({ name, result });
        observer.next(result);
      },
      error: (error) => {
        const errors = errorsOf(error);
        this.#log({ name, result: { errors } });
        this.#ended(id);
        observer.error(errors);
      },
      complete: () => {
        this.#ended(id);
        observer.complete();
      },
    });
    this.#stops.set(id, stop);
    return id;
  }

  /** GraphiQL lets go of a subscription: it ends, unless its user has only turned to another tab. */
  #leave(id, tabId) {
    // GraphiQL unsubscribes before it changes tabs.
    setTimeout(() => {
      const { active, all } = tabs.get();
      if (active === tabId || !all.includes(tabId)) this.stop(id);
    });
  }

  #log(event) {
    const entry = { ...event, id: this.#nextId++, at: new Date() };
    this.state.update((state) => ({ ...state, events: [...state.events, entry].slice(-MOST_EVENTS) }));
  }

  #ended(id) {
    this.#stops.delete(id);
    this.state.update((state) => ({ ...state, running: state.running.filter((other) => other.id !== id) }));
  }

  #disconnect() {
    for (const { id } of this.state.get().running) this.stop(id);
    this.#client?.dispose();
    this.#client = null;
  }
}

/**
 * The payload that the client sends, now and after each reconnection: a subscription that declares `$after` goes on
 * where it was, with no event lost or repeated.
 */
function resumable({ query, variables, operationName }, operation) {
  const declares = operation.variableDefinitions?.some(({ variable }) => variable.name.value === 'after');
  const payload = { query, operationName, variables: { ...variables } };
  const resumeAfter = (cursor) => {
    if (declares && cursor) payload.variables.after = cursor;
  };
  // Not enumerable, because the client sends the rest of this object as it is.
  return Object.defineProperty(payload, 'resumeAfter', { value: resumeAfter });
}

/** The cursor of an event, if the subscription selects it. */
function cursorOf({ data }) {
  return Object.values(data ?? {}).find((event) => typeof event?.cursor === 'string')?.cursor;
}

/** What is wrong, as GraphQL errors: either they already are, or the socket was closed or could not be opened. */
function errorsOf(error) {
  if (Array.isArray(error)) return error;
  if (error instanceof CloseEvent) {
    return [{ message: `The server closed the connection: ${error.code} ${error.reason}`.trim() }];
  }
  return [{ message: error?.message ?? 'The connection failed.' }];
}

export const subscriptions = new Subscriptions();
