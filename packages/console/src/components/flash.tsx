import type { FlashbarProps } from '@cloudscape-design/components/flashbar';
import { createContext, lazy, type ReactNode, Suspense, useCallback, useContext, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Loaded with the first message. */
const Flashbar = lazy(() => import('@cloudscape-design/components/flashbar'));

interface Flash {
  readonly type: 'success' | 'error' | 'info' | 'warning';
  readonly content: ReactNode;
  readonly header?: string;
}

interface FlashState {
  readonly items: readonly (Flash & { readonly id: number })[];
  show(flash: Flash): void;
  dismiss(id: number): void;
}

const FlashContext = createContext<FlashState | undefined>(undefined);
const MOST_FLASHES = 4;
const SUCCESS_MS = 10_000;

/** Keeps the messages at the top of the page; they outlive a change of page. */
export function FlashProvider({ children }: { readonly children: ReactNode }) {
  const [items, setItems] = useState<FlashState['items']>([]);
  const show = useCallback((flash: Flash) => {
    const id = Date.now() + Math.random();
    setItems((before) => [{ ...flash, id }, ...before].slice(0, MOST_FLASHES));
    // Good news goes by itself; what went wrong stays until it is read.
    const leave = (): void => setItems((before) => before.filter((item) => item.id !== id));
    if (flash.type === 'success') window.setTimeout(leave, SUCCESS_MS);
  }, []);
  const dismiss = useCallback((id: number) => setItems((before) => before.filter((item) => item.id !== id)), []);
  const value = useMemo(() => ({ items, show, dismiss }), [items, show, dismiss]);
  return <FlashContext.Provider value={value}>{children}</FlashContext.Provider>;
}

export function useFlash(): FlashState['show'] {
  const state = useContext(FlashContext);
  if (state === undefined) throw new Error('There is no place for messages here.');
  return state.show;
}

export function Flashes() {
  const { t } = useTranslation();
  const state = useContext(FlashContext);
  const items: FlashbarProps.MessageDefinition[] = (state?.items ?? []).map(({ id, type, content, header }) => ({
    id: String(id),
    type,
    content,
    header,
    dismissible: true,
    dismissLabel: t('common.dismiss'),
    onDismiss: () => state?.dismiss(id),
  }));
  return items.length === 0 ? null : (
    <Suspense>
      <Flashbar items={items} />
    </Suspense>
  );
}
