import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const PATIENCE_MS = 10_000;

const FLAGS = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Someone at the desk: a browser that shows /graphiql, and what its user does and sees there. */
export class Desk {
  complaints = [];

  static async launch(url, screenshots) {
    if (screenshots) await mkdir(screenshots, { recursive: true });
    const profile = await mkdtemp(join(tmpdir(), 'graphiql-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      chromiumSandbox: false,
      viewport: { width: 1280, height: 860 },
      args: FLAGS,
    });
    return new Desk(url, context, profile, screenshots).#watchOut();
  }

  constructor(url, context, profile, screenshots) {
    this.url = new URL('graphiql', url.endsWith('/') ? url : `${url}/`);
    this.context = context;
    this.profile = profile;
    this.screenshots = screenshots;
  }

  async #watchOut() {
    const complain = (text) => this.complaints.push(text);
    this.page = await this.context.newPage();
    this.page.setDefaultTimeout(PATIENCE_MS);
    this.page.on('console', (message) => message.type() === 'error' && complain(`console: ${message.text()}`));
    this.page.on('pageerror', (error) => complain(`exception: ${error.message}`));
    this.page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol !== 'data:' && host !== this.url.host) complain(`request elsewhere: ${request.url()}`);
    });
    await this.page.exposeFunction('reportViolation', (violation) => complain(`policy: ${violation}`));
    await this.page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        window.reportViolation(`${event.effectiveDirective} blocked ${event.blockedURI} ${event.sample}`);
      });
    });
    return this;
  }

  async close() {
    await this.context.close();
    await rm(this.profile, { recursive: true, force: true });
  }

  /** Opens the page, or opens it again. */
  async open() {
    const response = await this.page.goto(this.url.href);
    const policy = response.headers()['content-security-policy'] ?? '';
    this.expect(/default-src 'none'/.test(policy) && !/unsafe/.test(policy), 'a strict policy', policy);
    await this.page.waitForSelector('.graphiql-query-editor .CodeMirror');
  }

  async seesSchema() {
    await this.page.click('[aria-label="Show Documentation Explorer"]');
    await this.page.waitForSelector('.graphiql-doc-explorer >> text=Subscription');
    await this.page.click('[aria-label="Hide Documentation Explorer"]');
  }

  async opensDialog() {
    await this.page.hover('[aria-label="Re-fetch GraphQL schema"]');
    await this.page.waitForSelector('.graphiql-tooltip');
    await this.page.keyboard.press('Escape');
    await this.page.waitForSelector('.graphiql-tooltip', { state: 'detached' });
    for (const label of ['Open short keys dialog', 'Open settings dialog']) {
      await this.page.click(`[aria-label="${label}"]`);
      await this.page.waitForSelector('.graphiql-dialog');
      await this.page.keyboard.press('Escape');
      await this.page.waitForSelector('.graphiql-dialog', { state: 'detached' });
    }
  }

  async tab(title) {
    await this.page.click(`.graphiql-tab button:has-text("${title}")`);
    await this.eventually(`the tab ${title}`, async () => (await this.#text('.graphiql-query-editor')).includes(title));
  }

  tabTitles() {
    return this.page.locator('.graphiql-tab-button').allInnerTexts();
  }

  /** Whether a reload would bring back what is in the editors now. GraphiQL stores that by itself and with its tab. */
  async tabsAreStored() {
    const query = await this.#text('.graphiql-query-editor');
    const variables = await this.#text('.graphiql-editor-tool');
    const copies = await this.page.evaluate(() => {
      const stored = (name) => sessionStorage.getItem(`graphiql:${name}`);
      const { tabs, activeTabIndex } = JSON.parse(stored('tabState'));
      return [tabs[activeTabIndex], { query: stored('query'), variables: stored('variables') }];
    });
    return copies.every((copy) => copy.query === query && copy.variables === variables);
  }

  async variables() {
    return JSON.parse(await this.#text('.graphiql-editor-tool'));
  }

  async setVariables(variables) {
    await this.page.click('.graphiql-editor-tool .CodeMirror:visible');
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.insertText(JSON.stringify(variables, null, 2));
  }

  /** Presses the button that runs the operation. */
  async start() {
    await this.page.click('.graphiql-execute-button');
  }

  /** Runs the operation and gives its data. */
  async run() {
    await this.start();
    const result = await this.eventually('a response', async () => {
      const text = await this.#text('.graphiql-response');
      return text && JSON.parse(text);
    });
    this.expect(result.data && !result.errors, 'data without errors', result);
    return result.data;
  }

  signedIn() {
    return this.page.locator('[data-signed-in]').isVisible();
  }

  /** Waits for an event of that type with that text in it. */
  async seesEvent(type, text) {
    await this.page.waitForSelector(`.event:has(b:text-is("${type}")):has(code:has-text(${JSON.stringify(text)}))`);
  }

  async screenshot(name) {
    if (!this.screenshots) return;
    await this.page.screenshot({ path: join(this.screenshots, `${name.replaceAll(/\W+/g, '-')}.png`) });
  }

  expect(truth, what, found) {
    if (!truth) throw new Error(`expected ${what}${found === undefined ? '' : `, found ${JSON.stringify(found)}`}`);
  }

  /** Waits until `look` gives something, and gives that. */
  async eventually(what, look) {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = await look();
      if (found) return found;
      this.expect(performance.now() < end, `${what} within ${PATIENCE_MS / 1000} seconds`);
      await this.page.waitForTimeout(50);
    }
  }

  /** The whole text of the editor in view; what is in the document is only as much of it as fits on the screen. */
  #text(area) {
    return this.page.locator(`${area} .CodeMirror:visible`).first().evaluate((editor) => editor.CodeMirror.getValue());
  }
}
