import { ConnectorError, type ConnectorErrorClass } from '../sdk/v1/connector-error.ts';

interface Cure {
  readonly class: ConnectorErrorClass;
  readonly hint: string;
}

const AWAY = 'Check that the server runs, that host and port are right, and that a firewall lets Holdfast through.';
const UNTRUSTED =
  "Name the certificate authority with the setting tlsCaFile, or correct the host so that it is the certificate's.";

/** By SQLSTATE of the server or code of the system. */
const CURES: Readonly<Record<string, Cure>> = {
  '28P01': {
    class: 'denied',
    hint: "Correct the user, or the secret behind the setting 'password'.",
  },
  '28000': {
    class: 'denied',
    hint:
      'Let the user in with lines in pg_hba.conf such as ' +
      "'host all holdfast <address>/32 scram-sha-256' and 'host replication holdfast <address>/32 scram-sha-256', " +
      'then: select pg_reload_conf();',
  },
  '3D000': { class: 'invalid-request', hint: "Name a database that exists with the setting 'database'." },
  '42501': {
    class: 'denied',
    hint: 'As a superuser: alter role <user> replication; grant pg_monitor to <user>;',
  },
  '53100': { class: 'unavailable', hint: 'The disk of the database server is full: make room there.' },
  '53300': {
    class: 'unavailable',
    hint: 'All connections are taken. Raise max_connections or max_wal_senders (a restart of the server), or end others.',
  },
  '53400': {
    class: 'unavailable',
    hint: 'All slots are taken. Raise max_replication_slots (a restart), or: select pg_drop_replication_slot(<unused>);',
  },
  '55000': { class: 'denied', hint: "Set wal_level = 'replica' (a restart of the server)." },
  '55006': { class: 'conflict', hint: 'Another process still uses it; it is tried again.' },
  '57P01': { class: 'unavailable', hint: 'Start the server again.' },
  '57P02': { class: 'unavailable', hint: 'Look into the log of the server, and start it again.' },
  '57P03': { class: 'unavailable', hint: 'The server starts, stops or recovers: it is tried again.' },
  XX001: { class: 'permanent', hint: 'The data of the server are damaged; restore them, or repair them first.' },
  ECONNREFUSED: { class: 'unavailable', hint: AWAY },
  ECONNRESET: { class: 'unavailable', hint: AWAY },
  EHOSTUNREACH: { class: 'unavailable', hint: AWAY },
  ENETUNREACH: { class: 'unavailable', hint: AWAY },
  ENOENT: { class: 'unavailable', hint: AWAY },
  ENOTFOUND: { class: 'unavailable', hint: AWAY },
  EPIPE: { class: 'unavailable', hint: AWAY },
  ETIMEDOUT: { class: 'unavailable', hint: AWAY },
  CERT_HAS_EXPIRED: { class: 'denied', hint: 'Renew the certificate of the server.' },
  DEPTH_ZERO_SELF_SIGNED_CERT: { class: 'denied', hint: UNTRUSTED },
  ERR_TLS_CERT_ALTNAME_INVALID: { class: 'denied', hint: UNTRUSTED },
  SELF_SIGNED_CERT_IN_CHAIN: { class: 'denied', hint: UNTRUSTED },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { class: 'denied', hint: UNTRUSTED },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { class: 'denied', hint: UNTRUSTED },
};

/** What is only known by its words. */
const CURES_BY_WORDS: readonly (readonly [RegExp, Cure])[] = [
  [/does not support SSL/, { class: 'denied', hint: "Turn TLS on at the server (ssl = on), or set tls to 'disable'." }],
  [/wal_level|WAL level/, { class: 'denied', hint: "Set wal_level = 'replica' (a restart of the server)." }],
  [/timeout expired|terminated unexpectedly/i, { class: 'unavailable', hint: AWAY }],
];

/** The SQLSTATE or system code of an error. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}

/** A failure at a server as operators should read it, with what to do about it. */
export function serverError(doing: string, error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const reason = reasonOf(error);
  const cure = CURES[codeOf(error) ?? ''] ?? CURES_BY_WORDS.find(([words]) => words.test(reason))?.[1];
  const message = `${doing}: ${reason}${/[.!?]$/.test(reason) ? '' : '.'}`;
  if (cure === undefined) return new ConnectorError('unavailable', message, { cause: error });
  return new ConnectorError(cure.class, message, { hint: cure.hint, cause: error });
}
