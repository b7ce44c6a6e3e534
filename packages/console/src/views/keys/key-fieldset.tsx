import type { Project } from '@understudy/client';
import { SCOPES } from './new-key.ts';

interface KeyFieldsetProps {
  projects: readonly Project[];
  /** Chosen at first. */
  project: string;
}

const ALLOWS = {
  submit: 'make, change, cancel and erase',
  read: 'look, content included',
  admin: 'operate: all projects, keys and providers',
} as const;

const LIMITS = [
  { name: 'requests_per_minute', title: 'Requests per minute', step: 1, min: 1 },
  { name: 'jobs_waiting', title: 'Jobs waiting', step: 1, min: 1 },
  { name: 'spend_per_day', title: 'USD a day', step: 0.01, min: 0.01 },
  { name: 'highest_priority', title: 'Best priority (0 first)', step: 1, min: 0 },
] as const;

/** What a key is to be. */
export function KeyFieldset({ projects, project }: KeyFieldsetProps) {
  const names = [...new Set([project, ...projects.map(({ name }) => name)])].toSorted();
  return (
    <>
      <label class="field">
        Project
        <select name="project">
          {names.map((name) => (
            <option key={name} value={name} selected={name === project}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <fieldset>
        <legend>It may</legend>
        {SCOPES.map((scope) => (
          <label key={scope} class="check">
            <input type="checkbox" name="scope" value={scope} defaultChecked={scope !== 'admin'} />
            <span>
              <strong>{scope}</strong> <span class="muted">{ALLOWS[scope]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <label class="field">
        Name
        <input name="name" maxLength={64} placeholder="backend" />
        <span class="hint">Two live keys may have the same, so that one replaces the other.</span>
      </label>
      <label class="field">
        Good for
        <input name="expires_in" maxLength={20} placeholder="90d" />
        <span class="hint">Empty: until it is revoked.</span>
      </label>
      <details>
        <summary>Limits</summary>
        <div class="key-limits">
          {LIMITS.map(({ name, title, step, min }) => (
            <label key={name} class="field">
              {title}
              <input type="number" name={name} min={min} step={step} />
            </label>
          ))}
          <label class="field key-routes">
            Routes it may take
            <input name="routes" placeholder="all" />
            <span class="hint">Names, separated by commas.</span>
          </label>
        </div>
      </details>
    </>
  );
}
