/**
 * What happens when an operation starts while another one runs in the same vault. No operation ever waits for another,
 * and none may lose data; some may be refused. The document docs/format/operation-matrix.md shows this table, and a test
 * tries every cell.
 */
export const OPERATIONS = [
  'backup',
  'copy',
  'restore',
  'delete',
  'lock',
  'hold',
  'collect',
  'reconcile',
  'verify',
  'audit',
  'rotate',
  'tier',
] as const;

export type Operation = (typeof OPERATIONS)[number];

/**
 * `both`: both end well. `starting`: the one that starts may be refused. `running`: the one that runs may be refused.
 * `either`: one of them may be, depending on who comes first.
 */
export type Meeting = 'both' | 'starting' | 'running' | 'either';

/** All cells but these are `both`; `on` the same recovery point. */
const EXCEPTIONS: Readonly<Record<string, { readonly meeting: Meeting; readonly why: string }>> = {
  'restore delete': {
    meeting: 'either',
    why: 'a recovery point that is read is not deleted; one that is gone is not read',
  },
  'delete restore': {
    meeting: 'either',
    why: 'a recovery point that is read is not deleted; one that is gone is not read',
  },
  'delete delete': { meeting: 'either', why: 'the second one finds nothing to delete' },
  'delete lock': { meeting: 'either', why: 'a locked recovery point is not deleted; one that is gone is not locked' },
  'lock delete': { meeting: 'either', why: 'a locked recovery point is not deleted; one that is gone is not locked' },
  'delete hold': { meeting: 'either', why: 'a held recovery point is not deleted; one that is gone is not held' },
  'hold delete': { meeting: 'either', why: 'a held recovery point is not deleted; one that is gone is not held' },
  'backup backup': { meeting: 'either', why: 'of two backups of one identifier one commits' },
  'copy copy': { meeting: 'either', why: 'of two copies under one identifier one commits' },
  'rotate rotate': {
    meeting: 'either',
    why: 'the loser finds the new generation of a key taken; repeating it ends well',
  },
};

export function meetingOf(
  running: Operation,
  starting: Operation,
): { readonly meeting: Meeting; readonly why: string } {
  return EXCEPTIONS[`${running} ${starting}`] ?? { meeting: 'both', why: '' };
}

/** The table of the document. */
export function operationMatrixTable(): string {
  const cell = (running: Operation, starting: Operation): string => {
    const { meeting } = meetingOf(running, starting);
    return meeting === 'both' ? '·' : meeting;
  };
  const rows = OPERATIONS.map((running) => {
    return `| **${running}** | ${OPERATIONS.map((starting) => cell(running, starting)).join(' | ')} |`;
  });
  return [`| runs \\ starts | ${OPERATIONS.join(' | ')} |`, `|---|${'---|'.repeat(OPERATIONS.length)}`, ...rows].join(
    '\n',
  );
}
