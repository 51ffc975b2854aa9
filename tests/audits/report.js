const REQUIRE_ALL = process.env.SWITCHBOARD_AUDITS_REQUIRE_ALL === '1';

/** Thrown by an audit that cannot run on this machine. */
export class Skipped extends Error {}

/** What was checked and what came of it, printed as it happens. */
export class Report {
  passed = 0;
  failed = 0;
  skipped = 0;
  #failures = [];
  #section = '';

  /** Runs one audit. Whatever it throws has failed, but for `Skipped`. */
  async section(name, audit) {
    this.#section = name;
    const start = performance.now();
    console.log(`\n== ${name} ==`);
    try {
      await audit(this);
    } catch (error) {
      if (error instanceof Skipped && !REQUIRE_ALL) this.#skip(error.message);
      else this.fail('the audit runs to its end', error.message);
    }
    console.log(`(${((performance.now() - start) / 1000).toFixed(1)} s)`);
  }

  pass(check) {
    this.passed += 1;
    console.log(`ok    ${check}`);
  }

  fail(check, why) {
    this.failed += 1;
    this.#failures.push(`${this.#section}: ${check}`);
    console.log(`FAIL  ${check}\n      ${String(why).replaceAll('\n', '\n      ')}`);
  }

  /** Passes a check if nothing speaks against it. */
  check(check, objections) {
    if (objections.length === 0) this.pass(check);
    else this.fail(check, objections.join('\n'));
  }

  summarize() {
    console.log('\n== audits ==');
    for (const failure of this.#failures) console.log(`failed: ${failure}`);
    console.log(`${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`);
  }

  #skip(why) {
    this.skipped += 1;
    console.log(`skip  ${why}`);
  }
}
