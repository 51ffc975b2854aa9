import { useStore } from '../use-store.js';
import { session, signOut } from './session.js';

/** Says who is signed in, and lets them sign out. */
export function SessionBar({ onRestore }) {
  const current = useStore(session);
  return (
    <header className="bar">
      <strong>Switchboard</strong>
      {current ? (
        <span className="who" data-signed-in>
          Signed in{current.agent?.name && ` as ${current.agent.name}`}
        </span>
      ) : (
        <span className="who">Not signed in. Begin with the tab “SignIn”.</span>
      )}
      {current && (
        <button type="button" onClick={signOut}>
          Sign out
        </button>
      )}
      <button type="button" onClick={onRestore} title="Replace all tabs by the examples of a first conversation">
        Restore examples
      </button>
    </header>
  );
}
