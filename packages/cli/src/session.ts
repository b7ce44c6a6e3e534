import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { findBroker, Understudy, type BrokerAccess } from '@understudy/client';
import { CommandError } from './command-error.ts';
import { EXIT } from './exit-code.ts';
import { createOutput, type Channel, type Output } from './output/output.ts';

/** The process as a command sees it; tests hand in their own. */
export interface Surroundings {
  stdin: Readable & { isTTY?: boolean };
  stdout: Channel;
  stderr: Channel;
  environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Milliseconds since the epoch. */
  now(): number;
  /** The checkout this command belongs to. */
  root: string;
}

/** What every command is given. Ctrl-C ends every call of its clients. */
export interface Session extends Surroundings {
  output: Output;
  /** Of the broker, without a trailing slash. */
  url: string;
  /** That the command line or the environment names; calls name it to the broker. */
  project: string | undefined;
  /**
   * One that gives up after seconds where the broker is away: a person waits.
   * @throws CommandError as `access` does
   */
  client(): Understudy;
  /** One that waits for a broker that restarts. @throws CommandError as `access` does */
  patientClient(): Understudy;
  /** One that tries once. @throws CommandError as `access` does */
  singleTryClient(): Understudy;
  /** Undefined where none is known; no more is known of it than that. */
  apiKey: string | undefined;
  /**
   * Where the broker is, and what opens it.
   * @throws CommandError when no key is known, and for one that no header can carry
   */
  access(): BrokerAccess;
}

/** What may stand anywhere on the command line. */
export interface CommonOptions {
  url?: string;
  project?: string;
  json?: boolean;
  color?: boolean;
}

const RETRY_FOR_MS = 3000;
const PATIENT_RETRY_FOR_MS = 10 * 60_000;
const DEFAULT_URL = 'http://127.0.0.1:8080';
const LOOPBACK = /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/** Stands for a project where an operator looks at all of them. */
export const ALL_PROJECTS = '*';

/**
 * @param namesProject false for what belongs to no project: its calls name none
 * @throws CommandError for what is no URL, and for no name of a project
 */
export function createSession(
  surroundings: Surroundings,
  options: CommonOptions,
  namesProject = true,
): Session {
  const { environment, root, signal } = surroundings;
  const url = readUrl(options.url ?? environment['UNDERSTUDY_URL'] ?? '');
  const apiKey = findApiKey(environment['UNDERSTUDY_API_KEY'], url, root);
  const project = readProject(options.project, environment['UNDERSTUDY_PROJECT']);
  const access = (): BrokerAccess => ({
    ...checkAccess(url, apiKey),
    ...(project === undefined || !namesProject ? {} : { project }),
  });
  const open = (retryForMs: number) => (): Understudy =>
    new Understudy({ ...access(), retryForMs, signal });
  return {
    ...surroundings,
    output: createOutput({
      ...surroundings,
      json: options.json ?? false,
      colour: options.color ?? true,
    }),
    url,
    project,
    apiKey,
    access,
    client: open(RETRY_FOR_MS),
    patientClient: open(PATIENT_RETRY_FOR_MS),
    singleTryClient: open(0),
  };
}

/** @throws CommandError for what is no http or https URL */
function readUrl(given: string): string {
  if (given === '') return DEFAULT_URL;
  const url = URL.parse(given);
  if (url !== null && /^https?:$/.test(url.protocol)) return given.replace(/\/+$/, '');
  throw new CommandError(
    `${JSON.stringify(given)} is no URL of a broker; give one such as ${DEFAULT_URL}, by --url or UNDERSTUDY_URL`,
    EXIT.usage,
  );
}

/**
 * An empty variable is none. An empty option is refused: by a variable of a script that is not set,
 * the command would act in another project than was meant.
 * @throws CommandError
 */
function readProject(option: string | undefined, variable = ''): string | undefined {
  if (option === undefined && variable === '') return undefined;
  const named = option ?? variable;
  if (named === ALL_PROJECTS || /^[a-z0-9-]+$/.test(named)) return named;
  throw new CommandError(
    `${JSON.stringify(named)} is no name of a project; give one such as acme, or '*' for all, by --project or UNDERSTUDY_PROJECT`,
    EXIT.usage,
  );
}

/** The first key of a broker that was started here lies in the checkout; it goes nowhere else. */
function findApiKey(given: string | undefined, url: string, root: string): string | undefined {
  const named = given?.trim() ?? '';
  if (named !== '') return named;
  if (!LOOPBACK.test(url)) return undefined;
  try {
    return readFileSync(join(root, '.data/api-key'), 'utf8').trim();
  } catch {
    return undefined;
  }
}

function checkAccess(baseUrl: string, apiKey: string | undefined): BrokerAccess {
  if (apiKey === undefined) {
    throw new CommandError(
      'no API key: set UNDERSTUDY_API_KEY (npm start prints it, and keeps it in .data/api-key)',
      EXIT.unreachable,
    );
  }
  try {
    return findBroker({ baseUrl, apiKey });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CommandError(error.message, EXIT.unreachable, { cause: error });
  }
}
