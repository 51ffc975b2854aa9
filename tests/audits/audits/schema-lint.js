// `@graphql-eslint` over the published schema, by eslint.config.js.

import { ESLint } from 'eslint';

import { ROOT, SCHEMA } from '../paths.js';

export async function audit(report) {
  const eslint = new ESLint({
    cwd: ROOT.pathname,
    overrideConfigFile: new URL('../eslint.config.js', import.meta.url).pathname,
  });
  const [{ messages }] = await eslint.lintFiles(SCHEMA.pathname);
  const objections = messages.map(({ line, ruleId, message }) => `line ${line}: ${message} (${ruleId})`);
  report.check('schema.graphql follows schema-recommended and schema-relay', objections);
}
