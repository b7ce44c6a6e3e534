import { Readable, Writable } from 'node:stream';
import { runCommandLine } from '../program.ts';
import type { Surroundings } from '../session.ts';

/** Runs one command line against the broker, or what stands in for it, at this URL. */
export async function runAgainst(
  url: string,
  args: readonly string[],
  given: Partial<Pick<Surroundings, 'stdin' | 'signal' | 'root' | 'now'>> & {
    apiKey?: string | undefined;
    /** Beside the broker's URL and the key. */
    environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { apiKey = 'a-key', environment = {}, ...surroundings } = given;
  const written = { stdout: '', stderr: '' };
  const channel = (name: keyof typeof written): Writable =>
    new Writable({
      write: (chunk, _encoding, done) => {
        written[name] += String(chunk);
        done();
      },
    });
  const code = await runCommandLine(args, {
    stdin: Readable.from([]),
    stdout: channel('stdout'),
    stderr: channel('stderr'),
    environment: { UNDERSTUDY_URL: url, UNDERSTUDY_API_KEY: apiKey, ...environment },
    signal: new AbortController().signal,
    now: Date.now,
    root: '/nowhere',
    ...surroundings,
  });
  return { code, ...written };
}
