import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { noticeSessionEnd } from '../api/query-client.ts';
import { describeError } from './error-alert.tsx';
import { useFlash } from './flash.tsx';

interface ActionOptions<Input, Output> {
  run(input: Input): Promise<Output>;
  /** Shown at the top of the page when it has worked. */
  success?(output: Output, input: Input): ReactNode;
  /** Runs after success, for example to go to another page. */
  onDone?(output: Output, input: Input): void;
}

/** Something that changes the server's state: tells how it went, and has everything on the page read anew. */
export function useAction<Input = void, Output = unknown>({ run, success, onDone }: ActionOptions<Input, Output>) {
  const { t } = useTranslation();
  const flash = useFlash();
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: (output, input) => {
      const message = success?.(output, input);
      if (message !== undefined) flash({ type: 'success', content: message });
      onDone?.(output, input);
      void client.invalidateQueries();
    },
    onError: (error) => {
      noticeSessionEnd(error);
      flash({ type: 'error', header: t('common.failed'), content: describeError(error, t) });
    },
  });
}
