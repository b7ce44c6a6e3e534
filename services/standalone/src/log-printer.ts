import { createFold } from './fold-entries.ts';

const LEVEL_NAMES = new Map([
  [60, 'FATAL'],
  [50, 'ERROR'],
  [40, 'WARN'],
  [30, 'info'],
  [20, 'debug'],
  [10, 'trace'],
]);
const WARN_LEVEL = 40;

interface LogEntry {
  level: number;
  time: string;
  text: string;
}

export interface LogPrinter {
  /** Takes one line as a service wrote it; `isQuiet` hides lines that are no JSON, too. */
  print(service: string, line: string, isQuiet?: boolean): void;
  /** What a service last complained about; the reason to give when it cannot start. */
  lastComplaint(service: string): string | undefined;
  /** Prints at once what waits for others to say it too. */
  flush(): void;
}

/**
 * Prints the services' JSON lines readably: each as it comes when `verbose`, else warnings and worse
 * alone, and what several services say within a second, as at an outage of Redis, once.
 */
export function createLogPrinter(write: (text: string) => void, verbose: boolean): LogPrinter {
  const complaints = new Map<string, string>();
  const writeEntry = (services: string, { time, level, text }: LogEntry): void =>
    write(`${time} ${(LEVEL_NAMES.get(level) ?? '').padEnd(5)} ${services}: ${text}\n`);
  const fold = createFold<LogEntry>(({ names, what }) => writeEntry(names.join(', '), what));
  return {
    print: (service, line, isQuiet = false) => {
      if (line.trim() === '') return;
      const entry = readEntry(line);
      const isComplaint = entry === undefined ? /error/i.test(line) : entry.level >= WARN_LEVEL;
      if (isComplaint) complaints.set(service, entry?.text ?? line);
      if (!verbose && (entry === undefined ? isQuiet : !isComplaint)) return;
      if (entry === undefined) write(`${service}: ${line}\n`);
      else if (verbose) writeEntry(service, entry);
      else fold.add(service, `${entry.level} ${entry.text}`, entry);
    },
    lastComplaint: (service) => complaints.get(service),
    flush: () => fold.flush(),
  };
}

const OWN_MEMBERS = new Set(['level', 'time', 'pid', 'hostname', 'service', 'msg', 'err', 'v']);

function readEntry(line: string): LogEntry | undefined {
  const value = parseObject(line);
  if (value === undefined || typeof value['level'] !== 'number') return undefined;
  const { time: at } = value;
  const time = new Date(typeof at === 'string' || typeof at === 'number' ? at : Date.now());
  const rest = Object.entries(value)
    .filter(([name]) => !OWN_MEMBERS.has(name))
    .map(
      ([name, member]) => `${name}=${typeof member === 'string' ? member : JSON.stringify(member)}`,
    );
  const message = typeof value['msg'] === 'string' ? value['msg'] : '';
  const text = [message, ...errorText(value['err']), ...rest]
    .filter((part) => part !== '')
    .join(' ');
  return { level: value['level'], time: time.toTimeString().slice(0, 8), text };
}

function errorText(error: unknown): string[] {
  if (typeof error !== 'object' || error === null || !('message' in error)) return [];
  const stack = 'stack' in error ? error.stack : undefined;
  return [`\n  ${String(stack ?? error.message).replaceAll('\n', '\n  ')}`];
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
