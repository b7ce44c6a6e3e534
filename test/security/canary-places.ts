import { canariesIn } from './canary-texts.ts';
import type { Canary } from './canary-texts.ts';
import type { RedisWrite } from './redis-writes.ts';

/** Where Redis holds what callers, providers and receivers wrote, and which of it stands there. */
export const PAYLOAD_FIELDS: Readonly<Record<string, readonly Canary[]>> = {
  // What was asked for beside the body: metadata, and the callback with its secret.
  'job req': ['callbackurl', 'metadata', 'signingsecret'],
  'job:request': ['prompt'],
  'job:result': ['answer'],
  // A provider's words about a failure, on its attempt and on the job that it decided.
  'job attempt': ['answer', 'prompt'],
  'job end': ['answer', 'prompt'],
  // An endpoint or a callback: where to, and what signs.
  'endpoint json': ['callbackurl', 'signingsecret'],
  'delivery order': ['callbackurl', 'signingsecret'],
  // The bytes that every try sends, and what receivers answered.
  'delivery payload': ['answer'],
  'delivery:log': ['receiver'],
};

const PLACES: readonly (readonly [RegExp, string])[] = [
  [/:job:job_\w+$/, 'job'],
  [/:job:job_\w+:(\w+)$/, 'job:'],
  [/\{wh:\w+\}:endpoint$/, 'endpoint'],
  [/:delivery:\w+$/, 'delivery'],
  [/:delivery:\w+:(\w+)$/, 'delivery:'],
];

/** Which canaries were ever written where. A place that is not known is told by its key and field. */
export function placesOf(writes: readonly RedisWrite[]): Record<string, Canary[]> {
  const found = new Map<string, Set<Canary>>();
  for (const { key, field, value } of writes) {
    const kinds = canariesIn(value);
    if (kinds.length === 0) continue;
    const place = placeName(key, field);
    found.set(place, new Set([...(found.get(place) ?? []), ...kinds]));
  }
  return Object.fromEntries([...found].map(([place, kinds]) => [place, [...kinds].toSorted()]));
}

function placeName(key: string, field: string): string {
  for (const [pattern, name] of PLACES) {
    const match = pattern.exec(key);
    // A job's attempts are fields of its record, by number.
    const part = name === 'job' ? field.replace(/^a\d+$/, 'attempt') : field;
    if (match !== null) return `${name}${match[1] ?? ''}${part === '' ? '' : ` ${part}`}`;
  }
  return `${key} ${field}`;
}

/** Names of keys and fields that hold a canary. */
export function namesWithCanaries(writes: readonly RedisWrite[]): string[] {
  return writes
    .map(({ key, field }) => `${key} ${field}`)
    .filter((name) => canariesIn(name).length > 0);
}
