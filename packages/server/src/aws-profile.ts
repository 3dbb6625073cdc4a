/** Writes the `holdfast` profile that plain AWS clients use: architecture 4.3. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface AwsProfile {
  readonly endpoint: string;
  readonly region: string;
}

export interface AwsProfileCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Writes `<directory>/config`; called at every start, since the port may have changed. */
export function writeProfileConfig(directory: string, profile: AwsProfile): void {
  const text = `[profile holdfast]\nregion = ${profile.region}\noutput = json\nendpoint_url = ${profile.endpoint}\n`;
  replaceFile(join(directory, 'config'), text);
}

/** Writes `<directory>/credentials`, readable by the owner only; called when the administrator's key is made. */
export function writeProfileCredentials(directory: string, credentials: AwsProfileCredentials): void {
  const text = `[holdfast]\naws_access_key_id = ${credentials.accessKeyId}\naws_secret_access_key = ${credentials.secretAccessKey}\n`;
  replaceFile(join(directory, 'credentials'), text);
}

/** Old or new content, never half of it. */
function replaceFile(file: string, text: string): void {
  const temporary = `${file}.new`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, file);
}
