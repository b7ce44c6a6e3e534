import { BrokerError, DIALECT_BY_ENDPOINT, utcDay } from '@understudy/contracts';
import type { LossWarning } from '@understudy/contracts';
import { lookupName } from '@understudy/models';
import { isPermitted, isSplit } from '@understudy/routing';
import type { Route, RoutingViews } from '@understudy/routing';
import { type FetchFile, shapeBody } from '@understudy/shaping';
import type { Submission } from './submission.ts';

/**
 * On a route with `onLoss: refuse`: tries on every target that may see the job what would be sent
 * there, so that the caller hears of a loss before anything is accepted. Other routes cost nothing
 * here.
 * @throws BrokerError 400 that names the field and the target
 */
export async function checkLosses(
  project: string,
  { endpoint, body: { model }, providers }: Submission,
  body: Uint8Array,
  route: Route,
  views: RoutingViews,
  now: number,
): Promise<void> {
  if (route.onLoss !== 'refuse') return;
  const today = utcDay(now);
  const arms = route.targets.flatMap((target) => (isSplit(target) ? target.split : [target]));
  for (const { provider, model: drawn } of arms) {
    if (!isPermitted(provider, route, { project, providers }, views.settings)) continue;
    const registration = views.registration(provider);
    if (registration === undefined) continue;
    const name = lookupName(model, drawn, registration, today);
    if (name.kind !== 'mapped') continue;
    const loss = lossOf(
      await shapeBody({
        dialect: DIALECT_BY_ENDPOINT[endpoint],
        body,
        requested: model,
        drawn,
        sent: name.model,
        registration,
        // Nothing is fetched at submit: of an image it matters here that it will be in the body.
        fetchFile: views.settings.outbound.fetchImages ? anyImage : undefined,
      }),
    );
    if (loss === undefined) continue;
    throw new BrokerError(
      'invalid_request',
      `the route "${route.name}" refuses what not all of its targets can carry: ` +
        `at "${provider}", ${loss.field}: ${loss.message}`,
      { param: `body.${loss.field}` },
    );
  }
}

const anyImage: FetchFile = () => Promise.resolve({ mediaType: 'image/png', base64: 'AAAA' });

function lossOf(shaping: Awaited<ReturnType<typeof shapeBody>>): LossWarning | undefined {
  if (shaping.kind === 'shaped') return shaping.shaped.losses[0];
  if (shaping.kind === 'dialect_unsupported') return undefined;
  return { field: shaping.field, message: shaping.reason };
}
