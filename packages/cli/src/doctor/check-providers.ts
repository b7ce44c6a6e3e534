import type { ExplainedRoute, Provider, Understudy } from '@understudy/client';
import { isMissing, mayPass } from '../failure.ts';
import { formatDuration } from '../output/duration-text.ts';
import type { Session } from '../session.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** A model that no provider can know: only those are asked for it that send any name as it is. */
const NOBODYS_MODEL = 'understudy-doctor-asks';

/** States of a target that no time will change. */
const LASTING_STATES: Readonly<Record<string, string>> = {
  unmapped:
    'does not know the model; name it by the target\'s "model" or in the provider\'s "models"',
  retired: 'has retired the model; name its successor',
  lossy: 'cannot carry all of such a request; see onLoss of the route',
};

/** How the providers are, which names they refuse, and which routes lead nowhere. */
export async function checkProviders(session: Session): Promise<Finding[]> {
  const client = session.client();
  const providers = await client.providers();
  if (providers.length === 0) {
    return [
      fail(
        'providers',
        'there is none; set a key such as OPENAI_API_KEY, or write a configuration',
      ),
    ];
  }
  const routes = await writtenRoutes(client);
  const unreached = await unreachedProviders(session, providers, routes);
  return [
    ...providers.flatMap((provider) =>
      providerFindings(provider, !unreached.has(provider.id), session.now()),
    ),
    ...routeFindings(routes),
  ];
}

/** Only routes that somebody wrote: the others are made of what the providers know. */
async function writtenRoutes(client: Understudy): Promise<ExplainedRoute[]> {
  const written = (await client.routes()).filter(({ automatic }) => !automatic);
  const explained: ExplainedRoute[] = [];
  for (const { name } of written) explained.push(await client.explain(name));
  return explained;
}

/** The providers to which no name leads: none that they know, no route that names theirs. */
async function unreachedProviders(
  session: Session,
  providers: readonly Provider[],
  routes: readonly ExplainedRoute[],
): Promise<ReadonlySet<string>> {
  const written = new Set(routes.map(({ name }) => name));
  const models = await session.client().models();
  const reached = new Set(
    models.flatMap((model) => (written.has(model.id) ? [] : model.providers)),
  );
  for (const { targets } of routes) {
    for (const { provider, state } of targets) if (state !== 'unmapped') reached.add(provider);
  }
  const left = providers.filter(({ id }) => !reached.has(id)).map(({ id }) => id);
  if (left.length === 0) return new Set();
  const takers = await takersOfAnyName(session);
  return new Set(takers === undefined ? [] : left.filter((id) => !takers.includes(id)));
}

/** @returns undefined while a provider has not told yet what it knows */
async function takersOfAnyName(session: Session): Promise<string[] | undefined> {
  try {
    const { targets } = await session.singleTryClient().explain(NOBODYS_MODEL);
    return targets.map(({ provider }) => provider);
  } catch (error) {
    if (isMissing(error)) return [];
    if (mayPass(error)) return undefined;
    throw error;
  }
}

function providerFindings(provider: Provider, isReached: boolean, now: number): Finding[] {
  const { id, kind, alive, paused, cooldowns, stale_names: staleNames } = provider;
  const about = `provider ${id}`;
  if (!alive) {
    return [fail(about, `no worker serves it; start services/worker-${kind}, or see why it ended`)];
  }
  const resting = paused === undefined ? [] : [warn(about, pausedWords(id, paused, now))];
  const cooling = cooldowns.map(({ scope, model, rule, until, alert }) => {
    const what = scope === 'provider' ? 'all models' : model;
    const remedy = alert
      ? `; look at its key and billing, then: understudy providers clear-cooldown ${id}`
      : '';
    const leftMs = Date.parse(until) - now;
    if (leftMs <= 0) {
      const over = 'that is over, and the next job finds out whether it answers again';
      return warn(about, `${what} cooled down by ${rule}; ${over}${remedy}`);
    }
    const verb = scope === 'provider' ? 'cool' : 'cools';
    return warn(
      about,
      `${what} ${verb} down by ${rule} for another ${formatDuration(leftMs)}${remedy}`,
    );
  });
  const stale = staleNames.map(({ model, rule }) =>
    warn(
      about,
      `says that it has no model ${model} (${rule}); correct the name in the route or in "models"`,
    ),
  );
  const unreached = isReached
    ? []
    : [
        warn(
          about,
          'no name leads to it; give it "models", or "passthrough: true", or name it and its model in a route',
        ),
      ];
  const trouble = [...resting, ...cooling, ...stale, ...unreached];
  return trouble.length > 0 ? trouble : [ok(about, 'a worker serves it')];
}

function pausedWords(
  id: string,
  { since, reason }: NonNullable<Provider['paused']>,
  now: number,
): string {
  const why = reason === undefined ? '' : ` (${reason})`;
  const when = formatDuration(now - Date.parse(since));
  return `has been paused for ${when}${why} and takes no calls; "understudy providers resume ${id}" ends that`;
}

function routeFindings(routes: readonly ExplainedRoute[]): Finding[] {
  const findings: Finding[] = [];
  for (const { name, targets } of routes) {
    const lasting = targets.flatMap(({ target, state }) => {
      const remedy = LASTING_STATES[state];
      return remedy === undefined ? [] : [`${target} ${remedy}`];
    });
    const about = `route ${name}`;
    if (lasting.length === 0) continue;
    // A route may hold such a target as long as another one answers.
    const tell = lasting.length === targets.length ? fail : warn;
    findings.push(...lasting.map((problem) => tell(about, problem)));
  }
  if (findings.length === 0) return [ok('names', 'every target of a route knows its model')];
  return findings;
}
