import { parsePolicy } from './parse-policy.ts';
import type { PolicyDocument, PolicyKind } from './policy-document.ts';

const MOST_ENTRIES = 2000;

/** Remembers parsed policies by their text: the same few are evaluated on every request. */
export class PolicyCache {
  readonly #parsed = new Map<string, PolicyDocument>();

  /** @throws MalformedPolicyError */
  parse(text: string, kind: PolicyKind): PolicyDocument {
    const key = `${kind} ${text}`;
    const known = this.#parsed.get(key);
    if (known !== undefined) return known;
    const document = parsePolicy(text, kind);
    if (this.#parsed.size >= MOST_ENTRIES) this.#parsed.clear();
    this.#parsed.set(key, document);
    return document;
  }
}
