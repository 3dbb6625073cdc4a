import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readPreference, writePreference } from '../components/preferences.ts';
import { SessionError, type SignInRequest, sessionApi } from './session-api.ts';
import { sessionStore } from './session-store.ts';

const EMPTY = { userName: '', password: '', newPassword: '', accessKeyId: '', secretAccessKey: '' };
/** Reasons with texts of their own; any other shows the server's words. */
const KNOWN = new Set([
  'WrongCredentials',
  'TooManyFailures',
  'PasswordResetRequired',
  'PasswordPolicy',
  'Unreachable',
  'ProviderUnreachable',
  'ProviderRefused',
]);

/** Sign-in with a password, an access key, or an identity provider. */
export function SignInPage({ because }: { readonly because: 'expired' | 'signed-out' | 'unreachable' | undefined }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<'password' | 'access-key'>('password');
  const [account, setAccount] = useState(() => readPreference('account', ''));
  const [fields, setFields] = useState(EMPTY);
  const configuration = useQuery({ queryKey: ['configuration'], queryFn: sessionApi.configuration, retry: 2 });
  const accountOrDefault = account || (configuration.data?.defaultAccountId ?? '');
  const signIn = useMutation({
    mutationFn: async (request: SignInRequest) => {
      await sessionApi.signIn(request);
      if ('account' in request) writePreference('account', request.account);
      if (window.location.pathname === '/sign-in') window.history.replaceState(null, '', '/');
      await sessionStore.load();
    },
  });
  const code = signIn.error instanceof SessionError ? signIn.error.code : failureInAddress();
  const mustChange = code === 'PasswordResetRequired' || code === 'PasswordPolicy';
  useEffect(() => {
    document.title = `${t('signIn.title')} | Holdfast`;
  }, [t]);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { userName, password, newPassword, accessKeyId, secretAccessKey } = fields;
    signIn.mutate(
      kind === 'access-key'
        ? { accessKeyId: accessKeyId.trim(), secretAccessKey: secretAccessKey.trim() }
        : {
            account: accountOrDefault.trim(),
            userName: userName.trim(),
            password,
            ...(mustChange ? { newPassword } : {}),
          },
    );
  };
  const field = (name: keyof typeof EMPTY, label: string, type: 'text' | 'password', autoComplete: string) => (
    <FormField label={label} stretch>
      <Input
        value={fields[name]}
        type={type}
        name={name}
        autoComplete={autoComplete}
        nativeInputAttributes={{ required: true }}
        onChange={({ detail }) => setFields({ ...fields, [name]: detail.value })}
      />
    </FormField>
  );
  return (
    <main className="holdfast-sign-in">
      <SpaceBetween size="l">
        <Box variant="h1" textAlign="center">
          Holdfast
        </Box>
        {because !== undefined && because !== 'unreachable' && signIn.isIdle && (
          <Alert type={because === 'expired' ? 'warning' : 'success'}>{t(`signIn.${because}`)}</Alert>
        )}
        {(because === 'unreachable' || configuration.isError) && signIn.isIdle && (
          <Alert type="error">{t('signIn.codes.Unreachable')}</Alert>
        )}
        {code !== undefined && (
          <Alert type={mustChange ? 'info' : 'error'}>
            {KNOWN.has(code)
              ? t(`signIn.codes.${code}`, { seconds: (signIn.error as SessionError | null)?.retryAfterSeconds })
              : signIn.error?.message}
          </Alert>
        )}
        <form onSubmit={submit} aria-label={t('signIn.title')}>
          <Container header={<Header variant="h2">{t('signIn.title')}</Header>}>
            <Form
              actions={
                <Button variant="primary" formAction="submit" loading={signIn.isPending}>
                  {t('signIn.submit')}
                </Button>
              }
            >
              <SpaceBetween size="m">
                <SegmentedControl
                  label={t('signIn.kind')}
                  selectedId={kind}
                  options={[
                    { id: 'password', text: t('signIn.password') },
                    { id: 'access-key', text: t('signIn.accessKey') },
                  ]}
                  onChange={({ detail }) => setKind(detail.selectedId as typeof kind)}
                />
                {kind === 'password' ? (
                  <SpaceBetween size="m">
                    <FormField label={t('signIn.account')} stretch>
                      <Input
                        value={accountOrDefault}
                        name="account"
                        nativeInputAttributes={{ required: true }}
                        onChange={({ detail }) => setAccount(detail.value)}
                      />
                    </FormField>
                    {field('userName', t('signIn.userName'), 'text', 'username')}
                    {field('password', t('signIn.passwordField'), 'password', 'current-password')}
                    {mustChange && field('newPassword', t('signIn.newPassword'), 'password', 'new-password')}
                    <Box color="text-body-secondary" fontSize="body-s">
                      {t('signIn.firstPassword')}
                    </Box>
                  </SpaceBetween>
                ) : (
                  <SpaceBetween size="m">
                    {field('accessKeyId', t('signIn.accessKeyId'), 'text', 'off')}
                    {field('secretAccessKey', t('signIn.secretAccessKey'), 'password', 'off')}
                    <Box color="text-body-secondary" fontSize="body-s">
                      {t('signIn.firstAccessKey')}
                    </Box>
                  </SpaceBetween>
                )}
              </SpaceBetween>
            </Form>
          </Container>
        </form>
        {configuration.data?.openId && (
          <Box textAlign="center">
            <Button href="/console/open-id/start">{t('signIn.with', { name: configuration.data.openId.label })}</Button>
          </Box>
        )}
      </SpaceBetween>
    </main>
  );
}

/** The way back from an identity provider says in the address why it failed. */
function failureInAddress(): string | undefined {
  const code = new URLSearchParams(window.location.search).get('failure');
  return code !== null && KNOWN.has(code) ? code : undefined;
}
