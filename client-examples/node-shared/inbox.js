import assert from 'node:assert/strict';
import { EventEmitter, on } from 'node:events';

/** The events of a subscription in the order in which they came. */
export class Inbox {
  #events = [];
  #emitter = new EventEmitter();
  #arrivals = on(this.#emitter, 'event');

  receive = (event) => this.#emitter.emit('event', event);

  fail = (error) => this.#emitter.emit('error', error instanceof Error ? error : new Error(JSON.stringify(error)));

  /** Waits until this message was added. */
  async untilMessage(text) {
    let event;
    do {
      [event] = (await this.#arrivals.next()).value;
      this.#events.push(event);
      console.log(event.__typename, event.message?.text ?? '');
    } while (event.__typename !== 'MessageAdded' || event.message.text !== text);
  }

  /** Checks that these messages were added, each once and in this order, and that no event came twice. */
  assertMessages(texts) {
    const added = this.#events.filter(({ __typename }) => __typename === 'MessageAdded');
    assert.deepEqual(added.map(({ message }) => message.text), texts);
    assert.equal(new Set(this.#events.map(({ cursor }) => cursor)).size, this.#events.length, 'an event came twice');
  }
}
