import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface FormDialogProps {
  readonly title: string;
  readonly confirmText: string;
  readonly isReady?: boolean;
  readonly isRunning: boolean;
  /** Also by the Enter key. */
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A form over the page, with a way out and one thing to do. */
export function FormDialog(props: FormDialogProps) {
  const { t } = useTranslation();
  const { title, confirmText, isReady = true, isRunning, onConfirm, onClose, children } = props;
  const confirm = (): void => {
    if (isReady && !isRunning) onConfirm();
  };
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
              disabledReason={t('common.incomplete')}
              loading={isRunning}
              onClick={confirm}
            >
              {confirmText}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          confirm();
        }}
      >
        <SpaceBetween size="m">{children}</SpaceBetween>
      </form>
    </Modal>
  );
}
