import { ConnectorError, type ConnectorErrorClass } from '../sdk/v1/connector-error.ts';

interface Cure {
  readonly class: ConnectorErrorClass;
  readonly hint: string;
}

const AWAY = 'Check that the server runs, that host and port are right, and that a firewall lets Holdfast through.';

/** By the code of the server's error or of the system's. */
const CURES: Readonly<Record<string, Cure>> = {
  ER_ACCESS_DENIED_ERROR: { class: 'denied', hint: "Correct the user, or the secret behind the setting 'password'." },
  ER_SPECIFIC_ACCESS_DENIED_ERROR: { class: 'denied', hint: 'Grant it; the README of this connector has the SQL.' },
  ER_DBACCESS_DENIED_ERROR: { class: 'denied', hint: 'Grant it; the README of this connector has the SQL.' },
  ER_TABLEACCESS_DENIED_ERROR: { class: 'denied', hint: 'Grant it; the README of this connector has the SQL.' },
  ER_HOST_NOT_PRIVILEGED: { class: 'denied', hint: 'Create the user for the address that Holdfast comes from.' },
  ER_CON_COUNT_ERROR: { class: 'unavailable', hint: 'All connections are taken: raise max_connections or end others.' },
  ER_HOST_IS_BLOCKED: { class: 'unavailable', hint: 'Run: FLUSH HOSTS;' },
  ER_NO_BINARY_LOGGING: {
    class: 'denied',
    hint: 'Continuous backup needs the binary log: set log_bin and binlog_format=ROW, and restart the server.',
  },
  ECONNREFUSED: { class: 'unavailable', hint: AWAY },
  ECONNRESET: { class: 'unavailable', hint: AWAY },
  EHOSTUNREACH: { class: 'unavailable', hint: AWAY },
  ENETUNREACH: { class: 'unavailable', hint: AWAY },
  ENOENT: { class: 'unavailable', hint: AWAY },
  ENOTFOUND: { class: 'unavailable', hint: AWAY },
  EPIPE: { class: 'unavailable', hint: AWAY },
  ETIMEDOUT: { class: 'unavailable', hint: AWAY },
  PROTOCOL_CONNECTION_LOST: { class: 'unavailable', hint: AWAY },
  EACCES: { class: 'denied', hint: 'Let the user that Holdfast runs as enter the directory of the socket.' },
  HANDSHAKE_NO_SSL_SUPPORT: { class: 'denied', hint: "Turn TLS on at the server, or set tls to 'disable'." },
  HANDSHAKE_SSL_ERROR: { class: 'denied', hint: "Name the certificate authority with the setting 'tlsCaFile'." },
};

/** What the programs say, which have no codes. */
const CURES_BY_WORDS: readonly (readonly [RegExp, Cure])[] = [
  [/No space left|errno: 28|Errcode: 28/i, { class: 'unavailable', hint: 'The disk is full: make room there.' }],
  [/Access denied/i, { class: 'denied', hint: 'Grant the rights that the README of this connector lists.' }],
  [
    /Permission denied|Errcode: 13/i,
    {
      class: 'denied',
      hint: "Let Holdfast read the server's data directory, or set method to 'logical'.",
    },
  ],
  [/Lost connection|gone away|Can't connect|server has gone/i, { class: 'unavailable', hint: AWAY }],
  [
    /Could not find first log file|purged|binlog truncated/i,
    { class: 'log-broken', hint: 'The server has removed binary logs that were not captured yet.' },
  ],
];

/** The code of the server's or the system's error. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** A failure at a server as operators should read it, with what to do about it. */
export function serverError(doing: string, error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const cure = CURES[codeOf(error) ?? ''] ?? cureOfWords(reason);
  return failure(`${doing}: ${ended(reason)}`, cure, error);
}

/** A program that gave up, with the last lines that it said; never its arguments. */
export function programError(program: string, doing: string, stderr: string): ConnectorError {
  const said = stderr
    .trim()
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-4)
    .join(' / ');
  return failure(`${doing}: ${program} says: ${ended(said || 'nothing')}`, cureOfWords(stderr), undefined);
}

function cureOfWords(text: string): Cure | undefined {
  return CURES_BY_WORDS.find(([words]) => words.test(text))?.[1];
}

function failure(message: string, cure: Cure | undefined, cause: unknown): ConnectorError {
  if (cure === undefined) return new ConnectorError('unavailable', message, { cause });
  return new ConnectorError(cure.class, message, { hint: cure.hint, cause });
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
