import { signedRequest } from '@holdfast/wire/testing';
import type { MovedServer } from './moved-server.ts';
import { profileCredentials } from './running-server.ts';

/** `holdfast resource delete` at the time of a moved clock. @returns the message of the refusal, or nothing */
export async function deleteResource(
  { url, data, clock }: MovedServer,
  resourceArn: string,
): Promise<string | undefined> {
  const response = await fetch(
    await signedRequest({
      endpoint: url.replace(/\/$/, ''),
      method: 'DELETE',
      path: `/resources/${encodeURIComponent(resourceArn)}`,
      service: 'holdfast',
      signedAt: clock.now(),
      credentials: profileCredentials(data),
    }),
  );
  const text = await response.text();
  return response.ok ? undefined : text;
}
