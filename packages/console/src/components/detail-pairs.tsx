import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs, { type KeyValuePairsProps } from '@cloudscape-design/components/key-value-pairs';
import type { ReactNode } from 'react';

interface DetailPairsProps {
  readonly title: string;
  readonly items: readonly (readonly [label: string, value: ReactNode])[];
  readonly actions?: ReactNode;
}

/** What there is to know about one thing, as labels and values. */
export function DetailPairs({ title, items, actions }: DetailPairsProps) {
  const pairs: KeyValuePairsProps.Item[] = items.map(([label, value]) => ({ label, value: value ?? '-' }));
  return (
    <Container
      header={
        <Header variant="h2" actions={actions}>
          {title}
        </Header>
      }
    >
      <KeyValuePairs columns={3} minColumnWidth={220} items={pairs} />
    </Container>
  );
}
