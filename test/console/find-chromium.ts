import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** `UNDERSTUDY_CHROMIUM`, else one on the PATH. @throws Error that says what to install */
export function findChromium(): string {
  const given = process.env['UNDERSTUDY_CHROMIUM'];
  if (given !== undefined && given !== '') return given;
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) =>
    existsSync(path),
  );
  if (found !== undefined) return found;
  throw new Error(
    'there is no Chromium on the PATH; apt-get install chromium, or set UNDERSTUDY_CHROMIUM to one',
  );
}
