import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

interface EmptyProps {
  readonly title: string;
  readonly hint: string;
  readonly action?: ReactNode;
}

/** Nothing here: what that means, and what to do about it. */
export function Empty({ title, hint, action }: EmptyProps) {
  return (
    <SpaceBetween size="xs" alignItems="center">
      <Box variant="strong">{title}</Box>
      <Box color="text-body-secondary">{hint}</Box>
      {action}
    </SpaceBetween>
  );
}
