/** What the console's server side needs from the composition. */
import type { IdentityStore, RandomBytes, SecretBox, SessionStore } from '@holdfast/neighbours';
import type { FederatedSignIn } from './open-id-connect.ts';

interface ConsoleLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface ConsolePorts {
  readonly identity: IdentityStore;
  readonly sessions: SessionStore;
  /** Opens sealed secret access keys. */
  readonly box: SecretBox;
  readonly random: RandomBytes;
  readonly clock: { now(): number };
  readonly log: ConsoleLog;
  /** The account that the sign-in page proposes. */
  readonly defaultAccountId: string;
  readonly defaultRegion: string;
  /** Regions that the region switch offers. */
  readonly regions: readonly string[];
  readonly version: string;
  /** The built console: `packages/console/dist`. */
  readonly distDirectory: string;
  /** Why there is nothing in `distDirectory` at the moment; asked for the page that is shown instead. */
  readonly buildState?: () => ConsoleBuildState;
  /** Sign-in with an identity provider, when the configuration names one. */
  readonly federation?: FederatedSignIn;
  /** How long somebody stays signed in, ms; 12 hours by default. */
  readonly sessionMs?: number;
}

export type ConsoleBuildState =
  | { readonly kind: 'ready' }
  | { readonly kind: 'building' }
  | { readonly kind: 'failed'; readonly reason: string };
