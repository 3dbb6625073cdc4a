import type { ReactNode } from 'react';
import { type BulkRequest, bulkCommand } from '../api/bulk-api.ts';
import { CommandText } from './cli-command.tsx';
import { FormDialog } from './form-dialog.tsx';
import { useBulkAction } from './use-bulk-action.tsx';

interface BulkDialogProps {
  readonly title: string;
  readonly confirmText: string;
  readonly request: BulkRequest;
  readonly isReady: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks how something is to be done to many things, and hands it to the server. */
export function BulkDialog({ title, confirmText, request, isReady, onClose, children }: BulkDialogProps) {
  const start = useBulkAction(onClose);
  return (
    <FormDialog
      title={title}
      confirmText={confirmText}
      isReady={isReady}
      isRunning={start.isPending}
      onConfirm={() => start.mutate(request)}
      onClose={onClose}
    >
      {children}
      <CommandText command={bulkCommand(request)} />
    </FormDialog>
  );
}
