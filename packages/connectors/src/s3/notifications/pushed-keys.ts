import { z } from 'zod';

const push = z.object({
  Records: z.array(z.object({ s3: z.object({ object: z.object({ key: z.string().min(1) }) }) })),
});

/** The keys that a notification names. @returns undefined for what is no notification */
export function pushedKeys(body: string): readonly string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  const parsed = push.safeParse(value);
  return parsed.success ? parsed.data.Records.flatMap(({ s3 }) => readings(s3.object.key)) : undefined;
}

/** Some stores write keys as in a URL and some as they are; both readings are looked at where they differ. */
function readings(key: string): readonly string[] {
  if (!/[%+]/.test(key)) return [key];
  try {
    return [key, decodeURIComponent(key.replaceAll('+', ' '))];
  } catch {
    // A percent sign that begins no code: the key is as it is.
    return [key];
  }
}
