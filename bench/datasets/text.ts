import type { SeededRandom } from './random.ts';

const SYLLABLES = [
  'ba',
  'ne',
  'ki',
  'lo',
  'mu',
  'ter',
  'sin',
  'gra',
  'vol',
  'pen',
  'dar',
  'ist',
  'con',
  'pre',
  'ate',
  'or',
];

/** Lines that look like source and prose: few distinct words, frequent ones far more often, indentation, punctuation. */
export class TextMaker {
  readonly #lines: Buffer[] = [];
  readonly #random: SeededRandom;

  constructor(random: SeededRandom, lines = 20_000) {
    this.#random = random;
    const words = Array.from({ length: 4000 }, () => this.#word());
    for (let index = 0; index < lines; index += 1) this.#lines.push(Buffer.from(this.#line(words)));
  }

  /** Fills the buffer with lines chosen at random; compresses about three to four times. */
  fill(buffer: Buffer): void {
    let at = 0;
    while (at < buffer.length) {
      const line = this.#lines[this.#random.below(this.#lines.length)];
      if (line === undefined) return;
      at += line.copy(buffer, at);
    }
  }

  #word(): string {
    const length = 1 + this.#random.below(4);
    return Array.from({ length }, () => SYLLABLES[this.#random.below(SYLLABLES.length)]).join('');
  }

  #line(words: readonly string[]): string {
    const count = 2 + this.#random.below(12);
    const picked = Array.from({ length: count }, () => {
      const share = this.#random.next() / 0x1_0000_0000;
      return words[Math.floor(share * share * share * words.length)];
    });
    return `${' '.repeat(2 * this.#random.below(5))}${picked.join(' ')};${this.#random.below(3) === 0 ? ` // ${this.#random.next()}` : ''}\n`;
  }
}
