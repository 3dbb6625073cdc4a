import { QueryCache, QueryClient } from '@tanstack/react-query';
import { sessionStore } from '../session/session-store.ts';

/** Answers that mean: these credentials are good no more. */
const SESSION_IS_OVER = new Set([
  'ExpiredTokenException',
  'ExpiredToken',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
]);

/** Whether an error says that the session has ended; then the sign-in page takes over. */
export function noticeSessionEnd(error: unknown): void {
  if (error instanceof Error && SESSION_IS_OVER.has(error.name)) void sessionStore.load();
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSessionEnd }),
  defaultOptions: {
    queries: { staleTime: 5_000, retry: false, refetchOnWindowFocus: true },
  },
});
