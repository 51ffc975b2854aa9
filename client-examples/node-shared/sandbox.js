const SANDBOX = `query Sandbox {
  projects(first: 100) { nodes { id sandbox eventCursor } }
}`;

const CUSTOMER_WRITES = `mutation CustomerWrites($input: SandboxCustomerSendInput!) {
  sandboxCustomerSend(input: $input) { userErrors { message } }
}`;

/** The sandbox that a new desk has, and where its event log ends now. */
export async function findSandbox(session) {
  const { projects } = await session.request(SANDBOX);
  const sandbox = projects.nodes.find((project) => project.sandbox);
  if (!sandbox) throw new Error('This desk has no sandbox. Create one: projectCreate(input: { name, sandbox: true }).');
  return sandbox;
}

/** Has a simulated customer write to the sandbox. */
export async function customerWrites(session, sandbox, text) {
  const input = { projectId: sandbox.id, telegramUserId: '1001', name: 'Ada', text };
  const { sandboxCustomerSend } = await session.request(CUSTOMER_WRITES, { input });
  if (sandboxCustomerSend.userErrors.length > 0) throw new Error(sandboxCustomerSend.userErrors[0].message);
}
