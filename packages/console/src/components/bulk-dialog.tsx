import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type BulkRequest, bulkCommand } from '../api/bulk-api.ts';
import { CommandText } from './cli-command.tsx';
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
  const { t } = useTranslation();
  const start = useBulkAction(onClose);
  return (
    <Modal
      visible
      header={title}
      closeAriaLabel={t('common.close')}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button
              variant="primary"
              disabled={!isReady}
              loading={start.isPending}
              onClick={() => start.mutate(request)}
            >
              {confirmText}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {children}
        <CommandText command={bulkCommand(request)} />
      </SpaceBetween>
    </Modal>
  );
}
