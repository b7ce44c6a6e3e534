import type { ApiKey, ApiKeyWithText, Limits, Project } from '@understudy/client';
import { formatRelative } from './duration-text.ts';
import { formatFacts } from './facts.ts';
import type { Style } from './output.ts';
import { formatTable } from './table.ts';

export function renderNewKey(key: ApiKeyWithText, style: Style): string {
  return [
    `${style.colours.strong(key.key)}\n\n`,
    formatFacts(
      [
        ['id', key.id],
        ['project', key.project],
        ['scopes', key.scopes.join(', ')],
        ['expires', key.expires_at === undefined ? undefined : key.expires_at],
      ],
      style,
    ),
    '\nKeep it: it is not shown again.\n',
  ].join('');
}

export function renderKeys(keys: readonly ApiKey[], { colours, now }: Style): string {
  const when = (instant: string | undefined): string =>
    instant === undefined ? 'never' : formatRelative(instant, now);
  return formatTable(
    ['ID', 'PROJECT', 'NAME', 'SCOPES', 'STATUS', 'CREATED', 'LAST USED', 'EXPIRES'].map(
      colours.dim,
    ),
    keys.map((key) => [
      key.id,
      key.project,
      key.name ?? '',
      key.scopes.join(','),
      key.status === 'live' ? colours.good(key.status) : colours.warn(key.status),
      when(key.created_at),
      when(key.last_used_at),
      when(key.expires_at),
    ]),
    'There is no key.',
  );
}

export function renderProjects(projects: readonly Project[], { colours, now }: Style): string {
  return formatTable(
    ['PROJECT', 'CREATED', 'LIMITS', 'PROVIDERS'].map(colours.dim),
    projects.map(({ name, created_at: created, limits = {}, providers = {} }) => [
      name,
      created === undefined ? '' : formatRelative(created, now),
      formatLimits(limits),
      formatLimits(providers),
    ]),
    'There is no project.',
  );
}

function formatLimits(limits: Limits | NonNullable<Project['providers']>): string {
  return Object.entries(limits)
    .map(([name, value]) => `${name.replaceAll('_', '-')}=${String(value)}`)
    .join(' ');
}
