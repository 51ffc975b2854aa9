import { useEffect, useRef } from 'react';

import { useStore } from '../use-store.js';
import { subscriptions } from './subscriptions.js';

/** Shows which subscriptions run and what they have reported. Takes no room before the first one. */
export function EventLog() {
  const { running, events, connected } = useStore(subscriptions.state);
  const end = useRef(null);
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' });
  }, [events]);
  if (running.length === 0 && events.length === 0) return null;
  return (
    <section className="events" aria-label="Events">
      <header className="bar">
        <strong>Events</strong>
        {running.map(({ id, name }) => (
          <span key={id} className={connected ? 'running live' : 'running'} data-running={name}>
            {name} {connected ? 'is running' : 'is connecting …'}
            <button type="button" onClick={() => subscriptions.stop(id)}>
              Stop
            </button>
          </span>
        ))}
        <span className="who" />
        <button type="button" onClick={() => subscriptions.clear()}>
          Clear
        </button>
      </header>
      <div className="log" role="log" tabIndex={0}>
        {events.length === 0 && <p>Nothing has happened yet.</p>}
        {events.map((event) => (
          <Event key={event.id} {...event} />
        ))}
        <div ref={end} />
      </div>
    </section>
  );
}

/** One line of what was received; all of it when it is opened. */
function Event({ at, name, result }) {
  const payload = Object.values(result.data ?? {})[0];
  const { __typename: type, cursor, ...rest } = payload ?? {};
  return (
    <details className={result.errors ? 'event failed' : 'event'}>
      <summary>
        <time dateTime={at.toISOString()}>{at.toLocaleTimeString()}</time> <b>{type ?? name}</b>{' '}
        <code>{JSON.stringify(result.errors ?? rest)}</code>
      </summary>
      <pre>{JSON.stringify(result, null, 2)}</pre>
    </details>
  );
}
