// Walks through the example tabs of /graphiql in a real browser, against a running server with a sandbox project.
//
//   node check/walk.js URL E-MAIL PASSWORD [FOLDER FOR SCREENSHOTS]
//
// CHROMIUM names the browser; without it, Debian's is used. Exits with 1 if anything is not as it must be, and that
// includes any console error, any violation of the content security policy and any request to another host.

import { Desk } from './desk.js';

const [url, email, password, screenshots] = process.argv.slice(2);
if (!url || !email || !password) {
  console.error('usage: node check/walk.js URL E-MAIL PASSWORD [FOLDER FOR SCREENSHOTS]');
  process.exit(2);
}

const question = `Where is my parcel? (${Date.now()})`;
const answer = `It arrives tomorrow. (${Date.now()})`;

const steps = {
  'the page opens and knows the schema': async (desk) => {
    await desk.open();
    await desk.seesSchema();
  },
  'dialogs and tooltips open': (desk) => desk.opensDialog(),
  'a wrong password is refused': async (desk) => {
    await desk.setVariables({ input: { email, password: `not ${password}` } });
    const { signIn } = await desk.run();
    desk.expect(signIn.userErrors.length === 1, 'a user error', signIn);
    desk.expect(!(await desk.signedIn()), 'still not signed in');
  },
  'SignIn signs in, and the password does not stay': async (desk) => {
    await desk.setVariables({ input: { email, password } });
    await desk.run();
    await desk.page.waitForSelector('[data-signed-in]');
    await desk.eventually('an empty password', async () => (await desk.variables()).input.password === '');
  },
  'Watch runs on the project that was filled in': async (desk) => {
    await desk.tab('Watch');
    await desk.eventually('a project id', async () => (await desk.variables()).projectId);
    await desk.start();
    await desk.page.waitForSelector('[data-running="Watch"].live');
  },
  'CustomerWrites reaches the subscription at once': async (desk) => {
    await desk.tab('CustomerWrites');
    const { input } = await desk.eventually('a project id', async () => {
      const variables = await desk.variables();
      return variables.input.projectId && variables;
    });
    await desk.setVariables({ input: { ...input, text: question } });
    const { sandboxCustomerSend } = await desk.run();
    desk.expect(sandboxCustomerSend.userErrors.length === 0, 'no user errors', sandboxCustomerSend);
    await desk.seesEvent('MessageAdded', question);
  },
  'Inbox shows the session': async (desk) => {
    await desk.tab('Inbox');
    await desk.eventually('a project id', async () => (await desk.variables()).projectId);
    const { sessions } = await desk.run();
    const found = sessions.nodes.find((session) => session.lastMessage?.text === question);
    desk.expect(found, 'a session whose last message is the question', sessions);
    desk.sessionId = found.id;
  },
  'Answer goes out, from QUEUED to SENT': async (desk) => {
    await desk.tab('Answer');
    await desk.eventually('the session id', async () => (await desk.variables()).input.sessionId === desk.sessionId);
    await desk.setVariables({ input: { sessionId: desk.sessionId, text: answer } });
    const { messageSend } = await desk.run();
    desk.expect(['QUEUED', 'SENT'].includes(messageSend.message?.delivery.state), 'a queued message', messageSend);
    await desk.seesEvent('MessageUpdated', '"SENT"');
  },
  'DeliveryState shows both messages': async (desk) => {
    await desk.tab('DeliveryState');
    await desk.eventually('the session id', async () => (await desk.variables()).sessionId === desk.sessionId);
    const { session } = await desk.run();
    const texts = session.messages.nodes.map(({ text }) => text);
    desk.expect(texts.includes(question) && texts.includes(answer), 'the question and the answer', texts);
    const sent = session.messages.nodes.find(({ text }) => text === answer);
    desk.expect(sent.delivery?.state === 'SENT', 'the answer as SENT', sent);
  },
  'Watch stops when it is told to': async (desk) => {
    await desk.page.click('[data-running="Watch"] button');
    await desk.page.waitForSelector('[data-running="Watch"]', { state: 'detached' });
  },
  'a reload keeps the session and the tabs': async (desk) => {
    // GraphiQL writes its tabs down a moment after a change.
    await desk.eventually('the tabs written down', () => desk.tabsAreStored());
    await desk.open();
    desk.expect(await desk.signedIn(), 'still signed in');
    desk.expect((await desk.tabTitles()).length === 6, 'six tabs', await desk.tabTitles());
  },
  'nothing that was stored holds the password': async (desk) => {
    const stored = await desk.page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
    desk.expect(!stored.includes(password), 'no password in the storage of the browser');
  },
  'signing out forgets the session': async (desk) => {
    await desk.page.click('text=Sign out');
    await desk.page.waitForSelector('text=Not signed in');
    await desk.open();
    desk.expect(!(await desk.signedIn()), 'not signed in after a reload');
  },
  'nothing was complained about': (desk) => {
    desk.expect(desk.complaints.length === 0, 'no console errors, violations or requests elsewhere', desk.complaints);
  },
};

const desk = await Desk.launch(url, screenshots);
let passed = 0;
let failed = 0;
for (const [name, step] of Object.entries(steps)) {
  try {
    await step(desk);
    console.log(`ok    ${name}`);
    passed += 1;
  } catch (error) {
    console.error(`FAIL  ${name}\n      ${error.message}`);
    failed += 1;
  }
  await desk.screenshot(`${passed + failed} ${name}`);
}
await desk.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
