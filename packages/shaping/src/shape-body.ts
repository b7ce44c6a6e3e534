import type {
  CallerDialect,
  Dialect,
  LossWarning,
  RefusedMember,
  Registration,
} from '@understudy/contracts';
import { canonicalName, nameOfSent, quirkEdits } from '@understudy/models';
import { parseExactJson, topLevelMembers } from '@understudy/provider';
import type { SurfaceNeeds, TopLevelEdits } from '@understudy/provider';
import { callDialect, spokenDialects } from '@understudy/routing';
import { UntranslatableError, translate } from '@understudy/translation';
import type { TranslatedRequest } from '@understudy/translation';
import { type FetchFile, inlineFiles } from './inline-files.ts';
import { withoutMadeUpReasoning } from './made-up-reasoning.ts';
import { reasonsBesideFunctions } from './reasons-beside-functions.ts';
import { refusedIn, withoutRefused, type WithoutRefused } from './refused-members.ts';

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
  /** Values of `anthropic-beta` that the caller sent beside the body. */
  betas?: readonly string[] | undefined;
  /** Gets images for a provider that takes them inline alone; absent where none may be fetched. */
  fetchFile?: FetchFile | undefined;
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
  | { kind: 'untranslatable'; field: string; reason: string }
  /** The provider needs an image inline that could not be fetched. */
  | { kind: 'file_unreachable'; field: string; reason: string };

/**
 * Builds the body after the draw, for the model by the name it is sent under. In the caller's own
 * dialect the bytes stay as they are but for what this very model refuses, and for what only this
 * broker could know.
 */
export async function shapeBody(given: BodyToShape): Promise<Shaping> {
  const { dialect: from, registration } = given;
  const to = dialectOfCall(given);
  if (to === undefined) return { kind: 'dialect_unsupported' };
  if (registration.inline_files?.includes(to) !== true) return await shapeFor(to, given);
  const inlined = await inlineFiles(from, given.body, given.fetchFile);
  if (inlined.kind === 'inlined') return await shapeFor(to, { ...given, body: inlined.body });
  const kind = inlined.kind === 'unreachable' ? 'file_unreachable' : 'untranslatable';
  return { ...inlined, kind };
}

/** The dialect that comes first gives way where the provider takes more of the body in another. */
function dialectOfCall(given: BodyToShape): Dialect | undefined {
  const { dialect: from, body, requested, drawn, sent, registration } = given;
  const spoken = spokenDialects(registration, [sent, drawn ?? requested]);
  const to = callDialect(from, spoken);
  const canonical = nameOfSent(sent, registration);
  if (to !== from) {
    const { reasons_beside_functions_in: better } = registration;
    const isMoreThere =
      to === 'chat-completions' &&
      better !== undefined &&
      spoken.includes(better) &&
      reasonsBesideFunctions(from, canonical, readerOf(body));
    return isMoreThere ? better : to;
  }
  const refused = refusedIn(registration, from, canonical);
  const { by } = refusalsOf({ body, edits: {} }, refused);
  return by !== undefined && spoken.includes(by) ? by : to;
}

async function shapeFor(to: Dialect, given: BodyToShape): Promise<Shaping> {
  const { dialect: from, body, sent, registration, betas: askedBetas } = given;
  const canonical = nameOfSent(sent, registration);
  const tabled = ownTableName(given);
  const refused = refusedIn(registration, to, canonical);
  if (to === from) {
    const asked = askedBetas === undefined ? tabled : { ...tabled, askedBetas };
    const shaped = ownDialect(from, body, canonical, asked);
    return { kind: 'shaped', shaped: withRefusals(shaped, refused) };
  }
  try {
    const model = canonical ?? sent;
    const inlineFilesOnly = registration.inline_files?.includes(to) ?? false;
    const mostStops = registration.most_stops?.[to];
    const translation = await translate({ from, to, body, model, inlineFilesOnly, mostStops });
    const { body: translated, losses, betas } = translation;
    const needs = { ...needsOf(to, readerOf(translated)), ...tabled, betas };
    const shaped = { dialect: to, body: translated, edits: {}, needs, losses, translation };
    const { edits, losses: refusals } = refusalsOf(shaped, refused);
    const told = refusals.map((loss) => ({ ...loss, field: fieldInCallersWords(loss.field) }));
    return { kind: 'shaped', shaped: { ...shaped, edits, losses: [...losses, ...told] } };
  } catch (error) {
    if (!(error instanceof UntranslatableError)) throw error;
    return { kind: 'untranslatable', field: error.field, reason: error.reason };
  }
}

/** Only in chat-completions a tool's own members stand below `function`. */
function fieldInCallersWords(field: string): string {
  return field.replace('tools[].function.', 'tools[].');
}

function withRefusals(shaped: ShapedBody, refused: readonly RefusedMember[]): ShapedBody {
  const { edits, losses } = refusalsOf(shaped, refused);
  return {
    ...shaped,
    edits: { ...shaped.edits, ...edits },
    losses: [...shaped.losses, ...losses],
  };
}

/** What the provider refuses of the dialect is taken out after what the model itself refuses. */
function refusalsOf(
  { body, edits }: Pick<ShapedBody, 'body' | 'edits'>,
  refused: readonly RefusedMember[],
): WithoutRefused {
  if (refused.length === 0) return { edits: {}, losses: [] };
  // What is written anew keeps its numbers as they stand.
  const read = readerOf(body, parseExactJson);
  return withoutRefused(refused, (name) => (Object.hasOwn(edits, name) ? edits[name] : read(name)));
}

function ownDialect(
  dialect: CallerDialect,
  body: Uint8Array,
  canonical: string | undefined,
  asked: Pick<SurfaceNeeds, 'canonical' | 'askedBetas'>,
): ShapedBody {
  const read = readerOf(body);
  const quirks =
    canonical === undefined ? { edits: {}, losses: [] } : quirkEdits(dialect, canonical, read);
  const { edits, losses } = withoutMadeUpReasoning(dialect, body);
  return {
    dialect,
    body,
    edits: { ...edits, ...quirks.edits },
    losses: [...losses, ...quirks.losses],
    needs: { ...needsOf(dialect, read), ...asked },
  };
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
function readerOf(body: Uint8Array, parse: (text: string) => unknown = JSON.parse): MemberReader {
  let members: ReturnType<typeof topLevelMembers> | undefined;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return (name) => {
    // For many a model nothing is asked.
    members ??= topLevelMembers(body);
    const range = members.get(name);
    if (range === undefined) return undefined;
    return parse(bytes.toString('utf8', range.start, range.end));
  };
}

/** Of the dialects whose providers do not answer long calls at once. */
function needsOf(dialect: Dialect, read: MemberReader): SurfaceNeeds {
  const most = mostTokens(dialect, read);
  return typeof most === 'number' ? { maxOutputTokens: most } : {};
}

function mostTokens(dialect: Dialect, read: MemberReader): unknown {
  if (dialect === 'messages') return read('max_tokens');
  const inference = dialect === 'converse' ? read('inferenceConfig') : undefined;
  return typeof inference === 'object' && inference !== null && 'maxTokens' in inference
    ? inference.maxTokens
    : undefined;
}
