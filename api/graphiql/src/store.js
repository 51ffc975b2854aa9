/** One value that parts of the page share, and that tells them when it changes. */
export class Store {
  #value;
  #listeners = new Set();

  constructor(value) {
    this.#value = value;
  }

  // Bound, because React takes these two apart from the store.
  get = () => this.#value;

  /** Calls `listener` with each new value and the one before; the answer ends it. */
  subscribe = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(value) {
    const before = this.#value;
    if (value === before) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener(value, before);
  }

  update(change) {
    this.set(change(this.#value));
  }
}
