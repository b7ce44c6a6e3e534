import type { Provider, Understudy } from '@understudy/client';
import { formatDuration } from '../output/duration-text.ts';
import type { Session } from '../session.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

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
  return [
    ...providers.flatMap((provider) => providerFindings(provider, session.now())),
    ...(await routeFindings(client)),
  ];
}

function providerFindings(provider: Provider, now: number): Finding[] {
  const { id, kind, alive, paused, cooldowns, stale_names: staleNames } = provider;
  const about = `provider ${id}`;
  if (!alive) {
    return [fail(about, `no worker serves it; start services/worker-${kind}, or see why it ended`)];
  }
  const resting = paused === undefined ? [] : [warn(about, pausedWords(id, paused, now))];
  const cooling = cooldowns.map(({ scope, model, rule, until, alert }) => {
    const what = scope === 'provider' ? 'all models cool' : `${model} cools`;
    const remedy = alert
      ? `; look at its key and billing, then: understudy providers clear-cooldown ${id}`
      : '';
    const leftMs = Date.parse(until) - now;
    const end =
      leftMs > 0
        ? `for another ${formatDuration(leftMs)}`
        : 'and is over; the next job finds out whether it answers again';
    return warn(about, `${what} down by ${rule} ${end}${remedy}`);
  });
  const stale = staleNames.map(({ model, rule }) =>
    warn(
      about,
      `says that it has no model ${model} (${rule}); correct the name in the route or in "models"`,
    ),
  );
  const trouble = [...resting, ...cooling, ...stale];
  return trouble.length > 0 ? trouble : [ok(about, 'alive')];
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

/** Only routes that somebody wrote: the others are made of what the providers know. */
async function routeFindings(client: Understudy): Promise<Finding[]> {
  const written = (await client.routes()).filter(({ automatic }) => !automatic);
  const findings: Finding[] = [];
  for (const { name } of written) {
    const { targets } = await client.explain(name);
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
