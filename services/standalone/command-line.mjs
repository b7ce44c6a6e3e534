import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm start -- [options]

Starts Understudy on this machine: Redis, API, scheduler and one worker per provider kind.
Without a configuration file and without provider keys it starts sandbox providers.

Options:
  --port <number>    port of the API (default 8080; environment: PORT)
  --host <address>   address to listen on (default 127.0.0.1; environment: HOST)
  --config <file>    configuration (environment: UNDERSTUDY_CONFIG; default understudy.yaml in the
                     current folder, where there is one)
  --data <folder>    where keys and the embedded Redis live (default .data)
  --no-install       install no system package; print the command instead
  --verbose          print every log line of every service
  --version          print the version
  --help             print this

Environment:
  REDIS_URL            use this Redis instead of an embedded one
  UNDERSTUDY_API_KEY   first API key, at least 16 characters (default: made once, in .data/api-key)
  UNDERSTUDY_OUTBOUND_ALLOW  hosts and networks that callbacks may reach beside public addresses
                       (default on a loopback --host: this machine)
  ANTHROPIC_API_KEY, OPENAI_API_KEY, ...  enable these providers when there is no file
`;

/** A command line that cannot be carried out; ends the process with code 2. */
export class UsageError extends Error {}

/**
 * @param {readonly string[]} args what follows the command
 * @param {Readonly<Record<string, string | undefined>>} environment
 */
export function readCommandLine(args, environment) {
  const { values } = parse(args);
  const port = values.port ?? (environment.PORT || '8080');
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    const source = values.port === undefined ? 'the environment variable PORT' : '--port';
    throw new UsageError(`${source} is "${port}"; give a port number from 0 to 65535.`);
  }
  return {
    help: values.help ?? false,
    version: values.version ?? false,
    verbose: values.verbose ?? false,
    install: !values['no-install'],
    port: Number(port),
    host: values.host ?? (environment.HOST || '127.0.0.1'),
    configPath: values.config ?? (environment.UNDERSTUDY_CONFIG || undefined),
    dataPath: values.data ?? '.data',
  };
}

/** @param {readonly string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        config: { type: 'string' },
        data: { type: 'string' },
        'no-install': { type: 'boolean' },
        verbose: { type: 'boolean', short: 'v' },
        version: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new UsageError(`${reason.replace(/\.$/, '')}. See npm start -- --help.`);
  }
}
