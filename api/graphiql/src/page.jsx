import { useState } from 'react';
import { GraphiQLInterface } from 'graphiql';
import { GraphiQLProvider } from '@graphiql/react';
import { DOC_EXPLORER_PLUGIN, DocExplorerContextProvider } from '@graphiql/plugin-doc-explorer';

import { restoreExamples, storage } from './editor/storage.js';
import { Prefill } from './editor/prefill.jsx';
import { examples } from './examples/examples.js';
import { EventLog } from './live/event-log.jsx';
import { fetcher } from './operations/fetcher.js';
import { SessionBar } from './session/session-bar.jsx';

// Not in the component, because GraphiQL asks for the schema again when one of these is another object.
const plugins = [DOC_EXPLORER_PLUGIN];

/**
 * The whole page: who is signed in, GraphiQL, and what subscriptions report.
 *
 * It is put together from GraphiQL's parts, because the ready-made one keeps a history, and with it passwords.
 */
export function Page() {
  const [restored, setRestored] = useState(0);
  const restore = () => {
    restoreExamples();
    setRestored(restored + 1);
  };
  return (
    <>
      <SessionBar onRestore={restore} />
      <main>
        <GraphiQLProvider
          key={restored}
          fetcher={fetcher}
          storage={storage}
          defaultTabs={examples}
          plugins={plugins}
          referencePlugin={DOC_EXPLORER_PLUGIN}
          inputValueDeprecation
          shouldPersistHeaders={false}
        >
          <DocExplorerContextProvider>
            <Prefill />
            <GraphiQLInterface
              defaultEditorToolsVisibility="variables"
              isHeadersEditorEnabled={false}
              showPersistHeadersSettings={false}
            />
          </DocExplorerContextProvider>
        </GraphiQLProvider>
      </main>
      <EventLog />
    </>
  );
}
