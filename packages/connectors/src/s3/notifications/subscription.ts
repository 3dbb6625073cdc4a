/**
 * What a store does to tell of changes in a bucket: a topic whose messages are pushed to an address (the topics of SNS, as
 * Ceph's gateway has them at its own endpoint), and an entry of the bucket's notifications that names it.
 */
import {
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  type TopicConfiguration,
} from '@aws-sdk/client-s3';
import { ConnectorError } from '../../sdk/v1/connector-error.ts';
import type { S3Connection } from '../connection.ts';
import { asRequestError, hasStatus, isTransient } from '../errors.ts';
import { bodyOf } from '../signed-request.ts';

/** Enough to remove it, also from another machine than the one that made it. */
export interface Subscription {
  /** Names the topic and the entry. */
  readonly name: string;
  readonly topicArn: string;
}

/** Why a store cannot tell of changes; undefined when it can. @throws when it does not answer */
export async function whyNoTopics(connection: S3Connection, signal: AbortSignal): Promise<string | undefined> {
  try {
    await topicRequest(connection, { Action: 'ListTopics' }, signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    const cause = asRequestError(error);
    if (isTransient(cause)) throw error;
    return `the store has no topics (${cause.message})`;
  }
}

/** Makes topic and entry, or gives those that are there the present address. @throws what the store answers */
export async function subscribe(
  connection: S3Connection,
  bucket: string,
  { name, url }: { readonly name: string; readonly url: string },
  signal: AbortSignal,
): Promise<Subscription> {
  const attributes = { 'Attributes.entry.1.key': 'push-endpoint', 'Attributes.entry.1.value': url };
  const answer = await topicRequest(connection, { Action: 'CreateTopic', Name: name, ...attributes }, signal);
  const topicArn = /<TopicArn>([^<]+)<\/TopicArn>/.exec(answer)?.[1];
  if (topicArn === undefined) throw new ConnectorError('permanent', 'The store made a topic and did not name it.');
  const others = (await entriesOf(connection, bucket, signal)).filter(({ Id }) => Id !== name);
  const entry = { Id: name, TopicArn: topicArn, Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'] } as const;
  const command = new PutBucketNotificationConfigurationCommand({
    Bucket: bucket,
    NotificationConfiguration: { TopicConfigurations: [...others, { ...entry, Events: [...entry.Events] }] },
  });
  await connection.request(signal, (client, options) => client.send(command, options));
  return { name, topicArn };
}

/** Whether the bucket still has the entry. */
export async function isSubscribed(
  connection: S3Connection,
  bucket: string,
  { name }: Pick<Subscription, 'name'>,
  signal: AbortSignal,
): Promise<boolean> {
  return (await entriesOf(connection, bucket, signal)).some(({ Id }) => Id === name);
}

/** The subscription of a name, whether or not its entry was made; undefined when the store has no such topic. */
export async function findSubscription(
  connection: S3Connection,
  name: string,
  signal: AbortSignal,
): Promise<Subscription | undefined> {
  if ((await whyNoTopics(connection, signal)) !== undefined) return undefined;
  const answer = await topicRequest(connection, { Action: 'ListTopics' }, signal);
  const arns = [...answer.matchAll(/<TopicArn>([^<]+)<\/TopicArn>/g)].map(([, arn = '']) => arn);
  const topicArn = arns.find((arn) => arn.endsWith(`:${name}`));
  return topicArn === undefined ? undefined : { name, topicArn };
}

/** Removes entry and topic; what is gone already is no failure. Other entries of the bucket stay. */
export async function unsubscribe(
  connection: S3Connection,
  bucket: string,
  subscription: Subscription,
  signal: AbortSignal,
): Promise<void> {
  const { name, topicArn } = subscription;
  try {
    // Asked for first: a store that does not know this request could take it for one to delete the bucket.
    if (await isSubscribed(connection, bucket, subscription, signal)) {
      await connection.send(bucket, { method: 'DELETE', query: { notification: name } }, signal);
    }
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
  try {
    await topicRequest(connection, { Action: 'DeleteTopic', TopicArn: topicArn }, signal);
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
  }
}

async function entriesOf(
  connection: S3Connection,
  Bucket: string,
  signal: AbortSignal,
): Promise<readonly TopicConfiguration[]> {
  const command = new GetBucketNotificationConfigurationCommand({ Bucket });
  const answer = await connection.request(signal, (client, options) => client.send(command, options));
  return answer.TopicConfigurations ?? [];
}

async function topicRequest(
  connection: S3Connection,
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string> {
  const body = Buffer.from(new URLSearchParams(parameters).toString(), 'utf8');
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await connection.toEndpoint({ method: 'POST', headers, body: [body] }, signal);
  return bodyOf(answer).toString('utf8');
}
