/** The account and region of a request: everything that the API names lives in exactly one of these. */
export interface Scope {
  readonly accountId: string;
  readonly region: string;
}

/** Tags as the API speaks of them: key to value. */
export type Tags = Readonly<Record<string, string>>;
