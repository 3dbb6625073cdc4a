/** How the work on a job ended. */
export type JobOutcome =
  /** Done. With a message it is "completed with issues" and the category says which (API2-29). */
  | { readonly result: 'completed'; readonly message?: string; readonly category?: string }
  /** Done, with parts missing. */
  | { readonly result: 'partial'; readonly message: string; readonly category: string }
  | { readonly result: 'failed'; readonly message: string; readonly category: string }
  /** Failed in a way that may pass: tried again within its windows, else failed or expired. */
  | { readonly result: 'retry'; readonly message: string; readonly category: string }
  /**
   * Not done, and nothing to do until later: other work must end first. Counts as no failure and no retry; the worker is
   * free meanwhile, and a job that has begun stays begun.
   */
  | { readonly result: 'wait'; readonly message: string; readonly delayMs: number }
  /** Stopped on request. */
  | { readonly result: 'stopped'; readonly message?: string };
