import { I18nProvider, type I18nProviderProps } from '@cloudscape-design/components/i18n';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter } from 'react-router';
import { queryClient } from '../api/query-client.ts';
import { FlashProvider, useFlash } from '../components/flash.tsx';
import { Loading } from '../components/loading.tsx';
import { type ActingSession, sessionStore } from '../session/session-store.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Frame } from './frame.tsx';

const SignInPage = lazy(async () => ({ default: (await import('../session/sign-in-page.tsx')).SignInPage }));

/** The whole console. Who is not signed in sees the sign-in page at any address, and is there after signing in. */
export function App() {
  const { i18n } = useTranslation();
  const messages = useComponentMessages(i18n.language);
  return (
    <I18nProvider locale={i18n.language} messages={messages}>
      <QueryClientProvider client={queryClient}>
        <FlashProvider>
          <ErrorBoundary>
            <Content />
          </ErrorBoundary>
        </FlashProvider>
      </QueryClientProvider>
    </I18nProvider>
  );
}

function Content() {
  const state = useSyncExternalStore(sessionStore.subscribe, sessionStore.state);
  if (state.kind === 'loading') return <Loading />;
  if (state.kind === 'signed-out') {
    return (
      <Suspense fallback={<Loading />}>
        <SignInPage because={state.because} />
      </Suspense>
    );
  }
  return <SignedIn key={state.session.arn} session={state.session} />;
}

function SignedIn({ session }: { readonly session: ActingSession }) {
  // New credentials come every few minutes; they must not make the pages begin anew.
  const [first] = useState(session);
  useEffect(() => () => queryClient.clear(), []);
  const { t } = useTranslation();
  const flash = useFlash();
  useEffect(() => {
    if (first.lostRole !== undefined) flash({ type: 'warning', header: t('shell.roleLost'), content: first.lostRole });
  }, [first, flash, t]);
  return (
    <BrowserRouter>
      <Frame session={first} />
    </BrowserRouter>
  );
}

type Messages = I18nProviderProps['messages'];

/** The texts of the components themselves: sort orders, close buttons and so on. */
function useComponentMessages(language: string): Messages {
  const [messages, setMessages] = useState<Messages>([]);
  useEffect(() => {
    const load = language === 'ja' ? import('./component-texts-ja.ts') : import('./component-texts-en.ts');
    void load.then(({ default: loaded }) => setMessages([loaded]));
  }, [language]);
  return messages;
}
