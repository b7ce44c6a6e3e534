import type { ExplainedRoute, Model, Provider, Route } from '@understudy/client';
import { formatRelative } from './duration-text.ts';
import type { Style } from './output.ts';
import { safeLine } from './safe-text.ts';
import { formatTable } from './table.ts';

const LONGEST_LIST = 100;

export function renderRoutes(routes: readonly Route[], { colours }: Style): string {
  return formatTable(
    ['MODEL', 'MADE BY', 'TARGETS'].map(colours.dim),
    routes.map(({ name, automatic, targets }) => [
      safeLine(name, 60),
      automatic ? 'itself' : 'configuration',
      safeLine(targets.join(', '), LONGEST_LIST),
    ]),
    'There is no route: configure a provider.',
  );
}

/** The targets of one route in order, with what keeps a job from each. */
export function renderExplained(route: ExplainedRoute, style: Style): string {
  const { colours } = style;
  const source = route.automatic ? 'made by itself' : 'from the configuration';
  const table = formatTable(
    ['  #', 'PROVIDER', 'KIND', 'SENT AS', 'DIALECT', 'SHARE', 'STATE'].map(colours.dim),
    route.targets.map((target, index) => [
      `  ${index + 1}`,
      target.provider,
      target.kind ?? '',
      safeLine(target.model_sent ?? '', 60),
      target.dialect ?? '',
      target.share === undefined ? '' : `${Math.round(target.share * 100)} %`,
      stateText(target, style),
    ]),
    '  no target',
  );
  return `${colours.strong(safeLine(route.name, 100))}  ${colours.dim(source)}\n${table}`;
}

function stateText(
  { state, until, paused, fallback }: ExplainedRoute['targets'][number],
  style: Style,
): string {
  const { colours, now } = style;
  if (paused !== undefined) {
    return `${pausedText(paused, style)}${fallback === true ? ', fallback' : ''}`;
  }
  const end = until === undefined ? '' : `, ends ${formatRelative(until, now)}`;
  const text = state === 'open' ? colours.good(state) : colours.warn(`${state}${end}`);
  return fallback === true ? `${text}, fallback` : text;
}

export function renderProviders(providers: readonly Provider[], style: Style): string {
  const { colours } = style;
  return formatTable(
    ['PROVIDER', 'KIND', 'STATE', 'RUNNING', 'QUEUED', 'WAITING', 'COOLING DOWN'].map(colours.dim),
    providers.map((provider) => [
      provider.id,
      provider.kind,
      stateOfProvider(provider, style),
      `${provider.in_use}/${provider.concurrency}`,
      queuedText(provider, colours),
      String(provider.waiting.reduce((sum, { count }) => sum + count, 0)),
      safeLine(coolingText(provider, style), LONGEST_LIST),
    ]),
    'There is no provider: set a key, such as OPENAI_API_KEY, or write a configuration.',
  );
}

/** Resting turns are told of only where there are any: workers lack their key, or are too old for them. */
function queuedText({ queue }: Provider, colours: Style['colours']): string {
  const { waiting, resting = 0 } = queue;
  return resting === 0 ? String(waiting) : `${waiting} ${colours.warn(`+ ${resting} resting`)}`;
}

function stateOfProvider({ alive, registered, paused }: Provider, style: Style): string {
  const { colours } = style;
  if (paused !== undefined) return pausedText(paused, style);
  if (alive) return colours.good('alive');
  return colours.bad(registered ? 'no worker' : 'never seen');
}

function pausedText(
  { since, reason }: NonNullable<Provider['paused']>,
  { colours, now }: Style,
): string {
  const why = reason === undefined ? '' : `: ${safeLine(reason, 40)}`;
  return colours.warn(`paused ${formatRelative(since, now)}${why}`);
}

function coolingText({ cooldowns }: Provider, { now }: Style): string {
  return cooldowns
    .map(({ scope, model, state, until, rule }) => {
      const what = scope === 'provider' ? 'all' : model;
      return state === 'half_open'
        ? `${what}: probing`
        : `${what}: ${rule}, ${formatRelative(until, now)}`;
    })
    .join('; ');
}

export function renderModels(models: readonly Model[], { colours }: Style): string {
  return formatTable(
    ['MODEL', 'FROM', 'PROVIDERS'].map(colours.dim),
    models.map(({ id, owned_by: owner, providers }) => [
      safeLine(id, 60),
      owner,
      safeLine(providers.join(', '), LONGEST_LIST),
    ]),
    'There is no model: configure a provider.',
  );
}
