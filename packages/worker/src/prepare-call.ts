import { lookupName, nameOfSent } from '@understudy/models';
import { UnsafeModelNameError, topLevelMembers } from '@understudy/provider';
import type { Surface } from '@understudy/provider';
import { STALE_NAME, leavesStaleName, resolveRoute } from '@understudy/routing';
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
  | { kind: 'passed_over'; rule: string; forGood: boolean; detail?: Skip['detail'] };

/** Looks the target's name up once more, in the worker's own table, and makes the body for it. */
export async function prepareCall(
  { dispatch }: WorkerContext,
  held: HeldTurn,
): Promise<PreparedCall> {
  const { request, planned, provider } = held;
  const now = dispatch.clock.now();
  const today = new Date(now).toISOString().slice(0, 10);

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
    inlineFilesOnly: isInlineOnly(held, model),
  });
  if (shaping.kind === 'dialect_unsupported') return never(shaping.kind);
  if (shaping.kind === 'untranslatable') {
    const message = `${shaping.field} is not carried: ${shaping.reason}`;
    return never(shaping.kind, { error: { message } });
  }
  const surface = firstSurface(held, shaping.shaped, model);
  if (surface === undefined) return never('unsafe_model_name');
  const shaped = withRefusals(shaping.shaped, surface);
  const route = resolveRoute(request.model, dispatch.views(), today);
  // A route that refuses losses met this target only after the job was accepted.
  const losesNothing = shaped.losses.length === 0 || (route?.onLoss ?? 'drop') === 'drop';
  if (!losesNothing) return never('lossy', { warnings: shaped.losses });
  return { kind: 'ready', model, shaped, route };
}

function never(rule: string, detail?: Skip['detail']): PreparedCall {
  return { kind: 'passed_over', rule, forGood: true, ...(detail === undefined ? {} : { detail }) };
}

function isInlineOnly({ provider }: HeldTurn, sent: string): boolean {
  const canonical = nameOfSent(sent, provider.registration);
  const model = { sent, ...(canonical === undefined ? {} : { canonical }) };
  return provider.connection.inlineFilesOnly?.(model) ?? false;
}

/** Undefined for a name that could change the path of a provider's URL, which is sent nowhere. */
function firstSurface(
  { provider }: HeldTurn,
  { dialect, needs }: ShapedBody,
  model: string,
): Surface | undefined {
  try {
    return provider.connection.surfaces(dialect, model, needs)[0];
  } catch (error) {
    if (error instanceof UnsafeModelNameError) return undefined;
    throw error;
  }
}

/** What the caller asks for and the provider refuses is lost like anything else. */
function withRefusals(shaped: ShapedBody, { refuses }: Surface): ShapedBody {
  if (refuses === undefined) return shaped;
  const members = topLevelMembers(shaped.body);
  const lost = Object.entries(refuses).flatMap(([field, { holds, message }]) => {
    const range = members.get(field);
    if (range === undefined) return [];
    const said = Buffer.from(shaped.body).toString('utf8', range.start, range.end);
    return said.trim() === JSON.stringify(holds) ? [] : [{ field, message }];
  });
  return lost.length === 0 ? shaped : { ...shaped, losses: [...shaped.losses, ...lost] };
}
