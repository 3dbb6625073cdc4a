/**
 * How a capture of a continuous backup finds what changed: by the keys that notifications named since the last one, or by
 * a listing of the whole bucket. A listing is the truth; it is made at least once an hour, whenever it is not certain that
 * somebody listened without a break, and until one has shown that notifications arrive. So one that got lost loses
 * nothing for longer than that.
 */
import { join } from 'node:path';
import type { ConnectorContext } from '../../sdk/v1/connector.ts';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';
import type { CaptureState } from '../capture-state.ts';
import type { S3Settings } from '../config.ts';
import type { S3Connection } from '../connection.ts';
import { s3Error } from '../errors.ts';
import { HintJournal, type JournalPlace } from './hint-journal.ts';
import { HintProof } from './hint-proof.ts';
import { ensureListening, nameOfToken } from './push-listener.ts';
import { tokenOf } from './source-token.ts';
import { findSubscription, isSubscribed, type Subscription, subscribe, unsubscribe } from './subscription.ts';

const LISTED_EVERY_MS = 3_600_000;
/** With more keys than this a listing is cheaper. */
const MOST_KEYS = 10_000;
/** How long a notification may be on its way: a capture by notifications tells the bucket as it was so long ago. */
export const DELIVERY_MS = 10_000;

export interface HintDependencies {
  readonly connection: S3Connection;
  readonly settings: S3Settings;
  readonly context: ConnectorContext;
}

type HintState = NonNullable<CaptureState['notifications']>;

/** Notifications about one bucket, as one capture uses them. */
export class ChangeHints {
  readonly #journal: HintJournal;
  readonly #subscription: Subscription;
  readonly #epoch: string;
  /** What the capture before this one left, when its hints go on without a break. */
  readonly #before: HintState | undefined;

  private constructor(
    journal: HintJournal,
    subscription: Subscription,
    { epoch, before }: { readonly epoch: string; readonly before: HintState | undefined },
  ) {
    this.#journal = journal;
    this.#subscription = subscription;
    this.#epoch = epoch;
    this.#before = before;
  }

  /**
   * Begins to listen, or finds that somebody does.
   * @returns undefined when the source is not set up for notifications or they cannot be had now, which is logged
   * @throws ConnectorError `denied` when the bucket's notifications were turned off (BKP-110)
   */
  static async open(
    { connection, settings, context }: HintDependencies,
    bucket: string,
    before: CaptureState | undefined,
    signal: AbortSignal,
  ): Promise<ChangeHints | undefined> {
    const { notifications } = settings;
    const known = before?.notifications;
    const directory = directoryOf(context);
    const token = notifications === undefined ? undefined : await tokenOf(directory, bucket);
    const name = token === undefined ? undefined : nameOfToken(token);
    if (known !== undefined && known.name !== name) await unsubscribe(connection, bucket, known, signal);
    if (notifications === undefined || token === undefined || name === undefined) return undefined;
    const isKnown = known?.name === name;
    if (isKnown && !(await isSubscribed(connection, bucket, known, signal))) throw turnedOff(bucket);
    try {
      const journal = new HintJournal(join(directory, name));
      await journal.create();
      const epoch = await ensureListening(notifications, directory, token);
      const url = `${notifications.publicUrl.replace(/\/+$/, '')}/${token}`;
      const subscription = await subscribe(connection, bucket, { name, url }, signal);
      return new ChangeHints(journal, subscription, { epoch, before: known?.epoch === epoch ? known : undefined });
    } catch (error) {
      signal.throwIfAborted();
      // Without a subscription nothing would tell of its end: the next capture makes it anew.
      const reason = s3Error(`Notifications of the bucket ${bucket} cannot be had`, error).message;
      context.log('warn', 'changes are found by listing', { bucket, reason });
      return undefined;
    }
  }

  /** Whether the whole bucket must be listed again at this moment. */
  mustList(now: number): boolean {
    const before = this.#before;
    return before === undefined || !before.isProven || now - before.listedAt >= LISTED_EVERY_MS;
  }

  /** What a listing compares itself with; undefined when nobody listened since the last capture. */
  async proof(place: JournalPlace, before: CaptureState | undefined, lookedAt: number): Promise<HintProof | undefined> {
    const keys = await this.keysUntil(place);
    return keys && before && new HintProof(keys, before.consistentAt, lookedAt - DELIVERY_MS);
  }

  /** The place up to which hints have come; asked before a listing begins, and for hints a while after the moment told. */
  here(): Promise<JournalPlace> {
    return this.#journal.end(this.#epoch);
  }

  /** The keys that were named since the last capture; undefined when a listing is cheaper. */
  async keysUntil(place: JournalPlace): Promise<readonly string[] | undefined> {
    return this.#before === undefined ? undefined : this.#journal.keysBetween(this.#before, place, MOST_KEYS);
  }

  /** What the next capture goes on from. @param listedAt when the whole bucket was listed, if this capture did that */
  async stateAfter(place: JournalPlace, listedAt: number | undefined): Promise<HintState> {
    await this.#journal.forgetBefore(this.#epoch);
    const { listedAt: before = 0, isProven = false } = this.#before ?? {};
    return { ...this.#subscription, ...place, listedAt: listedAt ?? before, isProven };
  }
}

/**
 * Ends what captures left at the store and on this machine.
 * @param state of the last capture, which may have been made on another machine
 */
export async function endHints(
  { connection, settings, context }: HintDependencies,
  bucket: string,
  state: CaptureState | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (state?.notifications !== undefined) await unsubscribe(connection, bucket, state.notifications, signal);
  if (settings.notifications === undefined) return;
  const directory = directoryOf(context);
  const name = nameOfToken(await tokenOf(directory, bucket));
  // A capture that was never stored may have subscribed too.
  const own = await findSubscription(connection, name, signal);
  if (own !== undefined) await unsubscribe(connection, bucket, own, signal);
  await new HintJournal(join(directory, name)).remove();
}

function directoryOf({ stateDirectory }: ConnectorContext): string {
  return join(stateDirectory, 'notifications');
}

function turnedOff(bucket: string): ConnectorError {
  return new ConnectorError('denied', `The notifications of the bucket ${bucket} to Holdfast were removed.`, {
    hint: 'The next run of the rule makes them anew and begins a new continuous backup; see who changes the notifications.',
  });
}
