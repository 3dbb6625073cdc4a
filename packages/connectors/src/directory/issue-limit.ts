import type { ItemIssue } from '@holdfast/engine';

const MOST_DETAILS_OF_A_KIND = 1000;

/**
 * Passes issues on, but lost details (an owner that an unprivileged restore cannot set, say) only so many of a kind:
 * the rest become one issue with their number. Missing data are always reported one by one.
 */
export class IssueLimit {
  readonly #report: (issue: ItemIssue) => void;
  readonly #counts = new Map<string, number>();

  constructor(report: (issue: ItemIssue) => void) {
    this.#report = report;
  }

  add(issue: ItemIssue): void {
    if (issue.dataMissing) {
      this.#report(issue);
      return;
    }
    const count = (this.#counts.get(issue.code) ?? 0) + 1;
    this.#counts.set(issue.code, count);
    if (count <= MOST_DETAILS_OF_A_KIND) this.#report(issue);
  }

  /** Reports how many were held back. */
  finish(): void {
    for (const [code, count] of this.#counts) {
      const more = count - MOST_DETAILS_OF_A_KIND;
      if (more <= 0) continue;
      const message = `${more} more of this kind (${code}), not listed one by one`;
      this.#report({ path: new Uint8Array(0), code, message, dataMissing: false });
    }
    this.#counts.clear();
  }
}
