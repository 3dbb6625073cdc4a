/** Jobs that still change are looked at every second or two, others never. */
const OPEN = new Set(['CREATED', 'PENDING', 'RUNNING', 'ABORTING']);

export function isOpen(state: string | undefined): boolean {
  return state !== undefined && OPEN.has(state);
}

/** How long to wait before looking at a list of jobs again. */
export function refreshWhileOpen(states: readonly (string | undefined)[]): number {
  return states.some(isOpen) ? 2000 : 15_000;
}

/** The number in the API's `PercentDone`. */
export function percentOf(text: string | undefined): number | undefined {
  const percent = Number.parseFloat(text ?? '');
  return Number.isNaN(percent) ? undefined : Math.min(100, Math.max(0, percent));
}
