import type { CallerDialect, Dialect, LossWarning, Registration } from '@understudy/contracts';
import { canonicalName, nameOfSent, quirkEdits } from '@understudy/models';
import { topLevelMembers } from '@understudy/provider';
import type { SurfaceNeeds, TopLevelEdits } from '@understudy/provider';
import { callDialect, spokenDialects } from '@understudy/routing';
import { UntranslatableError, translate } from '@understudy/translation';
import type { TranslatedRequest } from '@understudy/translation';

/** A job's body on its way to one model at one provider. */
export interface BodyToShape {
  /** In which the caller wrote it. */
  dialect: CallerDialect;
  body: Uint8Array;
  /** The name the caller asked for. */
  requested: string;
  /** The name that the job's target states itself, where it does. */
  drawn: string | undefined;
  /** The provider's own name for the model. */
  sent: string;
  registration: Registration;
  /** The provider fetches no files by their URL for this model, which only a worker knows. */
  inlineFilesOnly?: boolean;
}

/** A job's body, made for the model that will really be called. */
export interface ShapedBody {
  dialect: Dialect;
  /** The caller's bytes where the provider speaks their dialect. */
  body: Uint8Array;
  /** What the model itself demands, before what the surface demands. */
  edits: TopLevelEdits;
  needs: SurfaceNeeds;
  /** What of the caller's body this call does not carry. */
  losses: LossWarning[];
  /** How the answer gets back to the caller's dialect; absent where it comes in it. */
  translation?: TranslatedRequest;
}

export type Shaping =
  | { kind: 'shaped'; shaped: ShapedBody }
  | { kind: 'dialect_unsupported' }
  /** Without this part the request would be another one. */
  | { kind: 'untranslatable'; field: string; reason: string };

/**
 * Builds the body after the draw, for the model by the name it is sent under. In the caller's own
 * dialect the bytes stay as they are but for what this very model refuses.
 */
export async function shapeBody(given: BodyToShape): Promise<Shaping> {
  const { dialect: from, body, requested, drawn, sent, registration } = given;
  const { inlineFilesOnly = false } = given;
  const to = callDialect(from, spokenDialects(registration, [sent, drawn ?? requested]));
  if (to === undefined) return { kind: 'dialect_unsupported' };
  const canonical = nameOfSent(sent, registration);
  const tabled = ownTableName(given);
  if (to === from) return { kind: 'shaped', shaped: ownDialect(from, body, canonical, tabled) };
  try {
    const model = canonical ?? sent;
    const translation = await translate({ from, to, body, model, inlineFilesOnly });
    const { body: translated, losses, betas } = translation;
    const needs = { ...needsOf(to, readerOf(translated)), ...tabled, betas };
    return {
      kind: 'shaped',
      shaped: { dialect: to, body: translated, edits: {}, needs, losses, translation },
    };
  } catch (error) {
    if (!(error instanceof UntranslatableError)) throw error;
    return { kind: 'untranslatable', field: error.field, reason: error.reason };
  }
}

function ownDialect(
  dialect: CallerDialect,
  body: Uint8Array,
  canonical: string | undefined,
  tabled: Pick<SurfaceNeeds, 'canonical'>,
): ShapedBody {
  const read = readerOf(body);
  const quirks =
    canonical === undefined ? { edits: {}, losses: [] } : quirkEdits(dialect, canonical, read);
  return { dialect, body, ...quirks, needs: { ...needsOf(dialect, read), ...tabled } };
}

/** Our name of the model, unless the operator chose what is sent: then that is sent everywhere. */
function ownTableName({
  requested,
  drawn,
  sent,
  registration,
}: BodyToShape): Pick<SurfaceNeeds, 'canonical'> {
  // A target that states the provider's own name means that very name.
  if (drawn === sent) return {};
  const asked = drawn ?? requested;
  const canonical = canonicalName(asked) ?? asked;
  const fromTable =
    !Object.values(registration.overrides).includes(sent) &&
    Object.hasOwn(registration.models, canonical);
  return fromTable ? { canonical } : {};
}

type MemberReader = (name: string) => unknown;

/** Parses single top-level members, so that a large body is not parsed for a small question. */
function readerOf(body: Uint8Array): MemberReader {
  const members = topLevelMembers(body);
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return (name) => {
    const range = members.get(name);
    if (range === undefined) return undefined;
    const value: unknown = JSON.parse(bytes.toString('utf8', range.start, range.end));
    return value;
  };
}

/** Of messages alone: other dialects' providers do not refuse long calls for their length. */
function needsOf(dialect: Dialect, read: MemberReader): SurfaceNeeds {
  const most = dialect === 'messages' ? read('max_tokens') : undefined;
  return typeof most === 'number' ? { maxOutputTokens: most } : {};
}
