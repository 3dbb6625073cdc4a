import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { type BulkRequest, bulkApi } from '../api/bulk-api.ts';
import { paths } from '../paths.ts';
import { useConsole } from '../session/use-console.ts';
import { useAction } from './use-action.ts';

/** Hands work on many things to the server and shows its page; from then on this tab does not matter. */
export function useBulkAction(onDone?: () => void) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { admin } = useConsole();
  const [token] = useState(() => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`);
  return useAction({
    run: (request: BulkRequest) => bulkApi.start(admin, request, token),
    success: (_output, { Targets }) => t('bulk.started', { count: Targets.length }),
    onDone: ({ Operation }) => {
      onDone?.();
      void navigate(paths.bulkOperation(Operation.OperationId));
    },
  });
}
