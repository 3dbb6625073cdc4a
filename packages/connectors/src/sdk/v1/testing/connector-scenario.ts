import type { TestContext } from 'node:test';
import type { ConnectorDescriptor, DiscoveredResource, RestoreOutcome } from '../connector.ts';
import type { SourceDeclaration } from '../connector-registry.ts';

/** What a connector's own test provides, so that the contract suite can judge it against its engine. */
export interface ConnectorHarness {
  readonly descriptor: ConnectorDescriptor;
  /** Makes a source with content of several kinds in a fresh place; what it starts, it stops with `t.after`. */
  setUp(t: TestContext): Promise<ConnectorScenario>;
}

/** A case that cannot apply to this kind of resource, with the reason for the support matrix. */
export interface NotApplicable {
  readonly notApplicable: string;
}

export interface ConnectorScenario {
  readonly source: SourceDeclaration;
  /** An empty directory of this test for state, restores and comparison. */
  readonly directory: string;
  /** Tags that the first resource must be discovered with. */
  readonly expectedTags: Readonly<Record<string, string>>;
  /** Settings of a source that cannot be reached, which `check` has to report. */
  readonly unreachable: SourceDeclaration;
  /** Metadata for a restore into a new resource, from what the backup session stated. */
  newResourceMetadata(stated: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  /** Metadata for a restore into the resource that was backed up. */
  readonly existingResourceMetadata:
    | ((stated: Readonly<Record<string, string>>) => Readonly<Record<string, string>>)
    | NotApplicable;
  /** Metadata that must be refused, and what the message has to name. */
  readonly invalidMetadata: readonly {
    readonly change: Readonly<Record<string, string | undefined>>;
    readonly message: RegExp;
  }[];
  /** At most so many items differ in every backup although nothing changed (labels, logs); absent: none. */
  readonly readEveryTime?: number;
  /** Changes a part of the content. */
  change(): Promise<void>;
  /** Makes a part of the content refuse to be read, in a way that a backup notices. */
  readonly makeUnreadable: (() => Promise<{ readonly issueMentions: RegExp }>) | NotApplicable;
  /** Takes the resource out of reach while the source stays declared. */
  takeAway(): Promise<void>;
  /** The content in a comparable form: of the source itself, or of what a restore put somewhere. */
  contentOfSource(): Promise<unknown>;
  contentOfRestore(outcome: RestoreOutcome, resource: DiscoveredResource | undefined): Promise<unknown>;
}
