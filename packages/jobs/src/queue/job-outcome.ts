/** How the work on a job ended. */
export type JobOutcome =
  /** Done. With a message it is "completed with issues" and the category says which (API2-29). */
  | { readonly result: 'completed'; readonly message?: string; readonly category?: string }
  /** Done, with parts missing. */
  | { readonly result: 'partial'; readonly message: string; readonly category: string }
  | { readonly result: 'failed'; readonly message: string; readonly category: string }
  /** Failed in a way that may pass: tried again within its windows, else failed or expired. */
  | { readonly result: 'retry'; readonly message: string; readonly category: string }
  /** Stopped on request. */
  | { readonly result: 'stopped'; readonly message?: string };
