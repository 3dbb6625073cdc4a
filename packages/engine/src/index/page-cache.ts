/** Keeps the most recently used pages, up to a number; loads that overlap are shared. */
export class PageCache {
  readonly #limit: number;
  readonly #pages = new Map<string, Buffer>();
  readonly #loading = new Map<string, Promise<Buffer>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  async get(name: string, load: () => Promise<Buffer>): Promise<Buffer> {
    const known = this.#pages.get(name);
    if (known !== undefined) {
      this.#pages.delete(name);
      this.#pages.set(name, known);
      return known;
    }
    const running = this.#loading.get(name);
    if (running !== undefined) return running;
    const loading = load();
    this.#loading.set(name, loading);
    try {
      const page = await loading;
      this.#pages.set(name, page);
      if (this.#pages.size > this.#limit) {
        const oldest = this.#pages.keys().next();
        if (!oldest.done) this.#pages.delete(oldest.value);
      }
      return page;
    } finally {
      this.#loading.delete(name);
    }
  }
}
