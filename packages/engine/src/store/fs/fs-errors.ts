import { StoreError, type StoreErrorCode } from '../store-error.ts';

const CODES: Readonly<Record<string, StoreErrorCode>> = {
  ENOENT: 'not-found',
  ENOTDIR: 'not-found',
  EEXIST: 'already-exists',
  ENOSPC: 'no-space',
  EDQUOT: 'no-space',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
  EMFILE: 'throttled',
  ENFILE: 'throttled',
  EFBIG: 'unsupported',
};

/** The `errno` name of a system error, or undefined for anything else. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Turns a file system's error into the store's language; reading an unreadable sector is damage, not an outage. */
export function asStoreError(error: unknown, key: string, action: 'read' | 'write'): unknown {
  const errno = errnoOf(error);
  if (errno === undefined || error instanceof StoreError) return error;
  const unreadable = action === 'read' && (errno === 'EIO' || errno === 'EBADMSG');
  const code = unreadable ? 'corrupt' : (CODES[errno] ?? 'unavailable');
  const message = error instanceof Error ? error.message : errno;
  return new StoreError(code, `cannot ${action} ${key}: ${message}`, { key, cause: error });
}
