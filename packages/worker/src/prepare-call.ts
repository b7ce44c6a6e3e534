import { utcDay } from '@understudy/contracts';
import { lookupName } from '@understudy/models';
import { UnsafeModelNameError } from '@understudy/provider';
import {
  PROVIDER_EXCLUDED,
  STALE_NAME,
  isPermitted,
  leavesStaleName,
  resolveRoute,
  spentCost,
} from '@understudy/routing';
import type { Route, Skip } from '@understudy/routing';
import { shapeBody } from '@understudy/shaping';
import type { ShapedBody } from '@understudy/shaping';
import type { HeldTurn } from './held-turn.ts';
import type { WorkerContext } from './worker-context.ts';

export type PreparedCall =
  | {
      kind: 'ready';
      /** The provider's own name for the model. */
      model: string;
      shaped: ShapedBody;
      route: Route | undefined;
    }
  /** The target cannot take this job, or not now. */
  | { kind: 'passed_over'; rule: string; forGood: boolean; detail?: Skip['detail'] }
  /** Hung up from outside; `signal.reason` says why. */
  | { kind: 'stopped' };

/** Looks the target's name up once more, in the worker's own table, and makes the body for it. */
export async function prepareCall(
  { dispatch, images }: WorkerContext,
  held: HeldTurn,
): Promise<PreparedCall> {
  const { request, planned, provider } = held;
  const now = dispatch.clock.now();
  const today = utcDay(now);

  const route = resolveRoute(request.model, dispatch.views(), today, request);
  // Also of a job that stood in the queue when the rule was made.
  if (!isPermitted(planned.provider, route, request, dispatch.views().settings)) {
    return never(PROVIDER_EXCLUDED);
  }
  // Planning says so first, but a service of the release before knows nothing of it.
  if (spentCost(request, held.progress) !== undefined) {
    return { kind: 'passed_over', rule: 'max_cost', forGood: false };
  }
  const name = lookupName(request.model, planned.model_drawn, provider.registration, today);
  if (name.kind !== 'mapped') return never(name.kind);
  const { model } = name;
  if (leavesStaleName(request, held.progress, planned, model, dispatch.views(), now)) {
    return { kind: 'passed_over', rule: STALE_NAME, forGood: false };
  }
  const shaping = await shapeBody({
    dialect: request.dialect,
    body: held.body,
    requested: request.model,
    drawn: planned.model_drawn,
    sent: model,
    registration: provider.registration,
    betas: request.betas,
    fetchFile: images?.forJob(request.id, held.running.signal),
  });
  if (shaping.kind === 'dialect_unsupported') return never(shaping.kind);
  if (shaping.kind === 'untranslatable') {
    const message = `${shaping.field} is not carried: ${shaping.reason}`;
    return never(shaping.kind, { error: { message } });
  }
  if (shaping.kind === 'file_unreachable') {
    // That says nothing of the image.
    if (held.running.signal.aborted) return { kind: 'stopped' };
    const message = `${shaping.field}: the image ${shaping.reason}`;
    return never('image_unreachable', { error: { message } });
  }
  const { shaped } = shaping;
  if (!hasSurface(held, shaped, model)) return never('unsafe_model_name');
  // A route that refuses losses met this target only after the job was accepted.
  const losesNothing = shaped.losses.length === 0 || (route?.onLoss ?? 'drop') === 'drop';
  if (!losesNothing) return never('lossy', { warnings: shaped.losses });
  return { kind: 'ready', model, shaped, route };
}

function never(rule: string, detail?: Skip['detail']): PreparedCall {
  return { kind: 'passed_over', rule, forGood: true, ...(detail === undefined ? {} : { detail }) };
}

/** False for a name that could change the path of a provider's URL, which is sent nowhere. */
function hasSurface(
  { provider }: HeldTurn,
  { dialect, needs }: ShapedBody,
  model: string,
): boolean {
  try {
    return provider.connection.surfaces(dialect, model, needs).length > 0;
  } catch (error) {
    if (error instanceof UnsafeModelNameError) return false;
    throw error;
  }
}
