/** Calls the service `holdfast` (sources, resources, browsing), signed like any request of AWS's. */
import { sessionStore } from '../session/session-store.ts';
import type * as types from './admin-types.ts';
import { createSigner } from './signed-post.ts';

export interface AdminRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Segments of the path; each is encoded as one, whatever it holds. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
}

/** An error as the service tells it; `name` is its code, as with the SDK. */
export class AdminError extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

const LINK_SECONDS = 120;

export class AdminClient {
  readonly #region: string;

  constructor(region: string) {
    this.#region = region;
  }

  sources(nextToken?: string) {
    return this.request<{ Sources: types.Source[]; NextToken?: string }>({
      method: 'GET',
      path: ['sources'],
      query: { nextToken, maxResults: 100 },
    });
  }

  source = (name: string) => this.request<{ Source: types.Source }>({ method: 'GET', path: ['sources', name] });

  addSource(name: string, kind: string, settings: object, tags: Readonly<Record<string, string>> = {}) {
    const body = { Kind: kind, Settings: settings, Tags: tags };
    return this.request<{ Source: types.Source }>({ method: 'PUT', path: ['sources', name], body });
  }

  removeSource = (name: string) => this.request<object>({ method: 'DELETE', path: ['sources', name] });

  checkSource = (name: string) =>
    this.request<{ Findings: types.Finding[] }>({ method: 'POST', path: ['sources', name, 'check'], body: {} });

  discoverSource = (name: string) =>
    this.request<{ Discovery: { Found: number; Vanished: string[] } }>({
      method: 'POST',
      path: ['sources', name, 'discover'],
      body: {},
    });

  connectors = () => this.request<{ Connectors: types.ConnectorKind[] }>({ method: 'GET', path: ['connectors'] });

  checkSettings(kind: string, settings: object) {
    return this.request<{ Findings: types.Finding[]; Resources: types.FoundResource[] }>({
      method: 'POST',
      path: ['connectors', kind, 'check'],
      body: { Settings: settings },
    });
  }

  resources(query: {
    resourceType?: string | undefined;
    source?: string | undefined;
    text?: string | undefined;
    nextToken?: string | undefined;
    maxResults?: number;
  }) {
    return this.request<{ Resources: types.Resource[]; NextToken?: string }>({
      method: 'GET',
      path: ['resources'],
      query,
    });
  }

  resource = (arn: string) => this.request<{ Resource: types.Resource }>({ method: 'GET', path: ['resources', arn] });

  tagResource = (arn: string, tags: Readonly<Record<string, string>>) =>
    this.request<object>({ method: 'POST', path: ['resources', arn, 'tags'], body: { Tags: tags } });

  untagResource = (arn: string, keys: readonly string[]) =>
    this.request<object>({ method: 'POST', path: ['resources', arn, 'untag'], body: { TagKeys: keys } });

  previewSelection = (selection: object) =>
    this.request<types.SelectionPreview>({
      method: 'POST',
      path: ['selection-previews'],
      body: { BackupSelection: selection },
    });

  items(recoveryPointArn: string, query: { pathBase64: string; nextToken?: string | undefined; maxResults: number }) {
    return this.request<{ Item?: types.Item; Items: types.Item[]; NextToken?: string }>({
      method: 'GET',
      path: ['recovery-points', recoveryPointArn, 'items'],
      query: { ...query, pathBase64: query.pathBase64 === '' ? undefined : query.pathBase64 },
    });
  }

  /** What is below a folder and has such a name; a page may be empty and still have one after it. */
  searchItems(
    recoveryPointArn: string,
    query: { text: string; pathBase64: string; nextToken?: string | undefined; maxResults: number },
  ) {
    return this.request<{ Items: types.Item[]; SearchedCount: number; NextToken?: string }>({
      method: 'GET',
      path: ['recovery-points', recoveryPointArn, 'item-search'],
      query: { ...query, pathBase64: query.pathBase64 === '' ? undefined : query.pathBase64 },
    });
  }

  continuousBackup = (recoveryPointArn: string) =>
    this.request<{ Capture: types.ContinuousCapture }>({
      method: 'GET',
      path: ['recovery-points', recoveryPointArn, 'continuous'],
    });

  jobIssues = (jobId: string, nextToken?: string) =>
    this.request<{ Issues: types.JobIssue[]; NextToken?: string }>({
      method: 'GET',
      path: ['jobs', jobId, 'issues'],
      query: { nextToken, maxResults: 100 },
    });

  workers = () => this.request<{ Workers: types.Worker[] }>({ method: 'GET', path: ['workers'] });

  status = () => this.request<types.ServerStatus>({ method: 'GET', path: ['status'] });

  /** An address from which the browser itself can download, good for two minutes: large files never pass through the page. */
  async downloadLink(kind: 'content' | 'archive', recoveryPointArn: string, pathBase64: string): Promise<string> {
    const request = await this.#unsigned({
      method: 'GET',
      path: ['recovery-points', recoveryPointArn, kind],
      query: { pathBase64: pathBase64 === '' ? undefined : pathBase64 },
    });
    const signed = await (await this.#signer()).presign(request, { expiresIn: LINK_SECONDS });
    const query = Object.entries(signed.query ?? {}).map(
      ([name, value]) => `${encodeSegment(name)}=${encodeSegment(String(value))}`,
    );
    return `${signed.path}?${query.join('&')}`;
  }

  /** Sends one signed request. @throws AdminError */
  async request<T>(request: AdminRequest): Promise<T> {
    const unsigned = await this.#unsigned(request);
    const signed = await (await this.#signer()).sign(unsigned);
    const { host: _host, ...headers } = signed.headers;
    const query = Object.entries(unsigned.query).map(
      ([name, value]) => `${encodeSegment(name)}=${encodeSegment(value)}`,
    );
    const address = query.length === 0 ? unsigned.path : `${unsigned.path}?${query.join('&')}`;
    const response = await fetch(address, {
      method: request.method,
      headers,
      ...(unsigned.body === undefined ? {} : { body: unsigned.body }),
    });
    const text = await response.text();
    if (response.ok) return (text === '' ? {} : JSON.parse(text)) as T;
    throw errorOf(response, text);
  }

  async #unsigned({ method, path, query = {}, body }: AdminRequest) {
    const { host, hostname, port, protocol } = window.location;
    const given = Object.entries(query).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
    return {
      method,
      protocol,
      hostname,
      ...(port === '' ? {} : { port: Number(port) }),
      path: `/${path.map(encodeSegment).join('/')}`,
      query: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
      headers: { host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) } as Record<
        string,
        string
      >,
      body: body === undefined ? undefined : JSON.stringify(body),
    };
  }

  async #signer() {
    return await createSigner('holdfast', this.#region, await sessionStore.credentials());
  }
}

function encodeSegment(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function errorOf(response: Response, text: string): AdminError {
  const code = response.headers.get('x-amzn-errortype')?.split(':')[0] ?? `Http${response.status}`;
  try {
    const body = JSON.parse(text) as { message?: string; Message?: string };
    return new AdminError(code, body.message ?? body.Message ?? text);
  } catch {
    return new AdminError(code, text.slice(0, 300));
  }
}
