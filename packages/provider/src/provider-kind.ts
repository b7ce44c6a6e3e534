import type { Dialect, RefusedMember } from '@understudy/contracts';
import type { ProviderSettings } from '@understudy/configuration';
import type { VerdictRule } from '@understudy/verdicts';
import type { TopLevelEdits } from './edit-top-level.ts';

// What a kind's definition needs of other packages' types, so that services depend on this one.
export type { Dialect, RefusedMember } from '@understudy/contracts';
export type { ProviderSettings } from '@understudy/configuration';

/** Names a kind (or a preset of it) knows. Data only: ids are never computed by rule. */
export interface NameTable {
  /** Canonical name → the provider's name. */
  models: Readonly<Record<string, string>>;
  /** Names the vendor itself takes as they are: dated snapshots, its own aliases. */
  accepts?: readonly string[];
  /** Canonical name → ISO date from which the provider no longer serves it. */
  retired?: Readonly<Record<string, string>>;
}

/** One HTTP request's fixed part: where, and what the provider demands of the body. */
export interface Surface {
  /** Name on the attempt, where a provider has several: `gateway-host`, `workspace`. */
  id?: string;
  url: string;
  /** Members set, and (undefined) removed, at the top level of the caller's body. */
  edits: TopLevelEdits;
  /** Extra headers beside the credentials. */
  headers?: Readonly<Record<string, string>>;
  /** The provider's name of the model on this surface, where it differs from the table's. */
  modelSent?: string;
  /**
   * The answer comes as events, which are put together to the dialect's whole answer: for
   * providers that refuse or cut long calls that are answered at once.
   */
  streamed?: 'server-sent-events' | 'aws-event-stream';
}

/** What a surface may depend on beside dialect and model. */
export interface SurfaceNeeds {
  /**
   * Our name of the model, where the provider's name is the one of its own table: a surface may
   * know the model under another. Absent where the operator chose the name, which is then sent.
   */
  canonical?: string;
  /** The most tokens the body asks for, where it says so. */
  maxOutputTokens?: number;
  /** Values of `anthropic-beta` that the body needs. */
  betas?: readonly string[];
  /** Those that the caller asked for, by any name: only for a vendor that knows them all. */
  askedBetas?: readonly string[];
}

/** A request as it will leave, for kinds whose credentials depend on it. */
export interface SignableRequest {
  method: 'POST';
  url: string;
  /** Lower-cased names; those that are set already. */
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** A model by the names it goes by here. */
export interface NamedModel {
  /** The provider's own name, as sent. */
  sent: string;
  /** Our name; undefined for a name that the catalog does not know. */
  canonical?: string;
}

/** A configured provider, ready to be called. */
export interface ProviderConnection {
  /** Whose own models it serves first: the preset, or the kind. */
  vendor: string;
  /** The preferred one first: a body in none of them is translated to the first that can be. */
  dialects: readonly Dialect[];
  /** The dialects of one model, where they depend on it; undefined means `dialects`. */
  dialectsOf?(model: NamedModel): readonly Dialect[] | undefined;
  /**
   * Where it is known to let the models reason beside functions that do not in chat completions; a
   * body that asks for both is translated to this dialect, where the model is spoken to in it.
   */
  reasonsBesideFunctionsIn?: Dialect;
  /**
   * What the provider refuses of a dialect, whichever of its surfaces is called. It is taken out of
   * the body, and told as lost unless it says what holds anyway.
   */
  refuses?: Readonly<Partial<Record<Dialect, readonly RefusedMember[]>>>;
  /** The dialects in which it fetches no file by its URL, so that files must stand in the body. */
  inlineFilesIn?: readonly Dialect[];
  /**
   * How many stop sequences it takes of any model, where it refuses more. What is translated is cut
   * to them, and told so; a body in the caller's own dialect stays as it is.
   */
  mostStops?: Readonly<Partial<Record<Dialect, number>>>;
  names: NameTable;
  rules: readonly VerdictRule[];
  /** Sends names nobody knows as they are, also where the operator does not ask for it. */
  passthrough?: boolean;
  /** Shown to operators; never with credentials. */
  baseUrl?: string;
  /**
   * The surfaces to try for one call, in order; the worker goes to the next one only when an
   * answer matches a rule with `surfaceMissing`. Never empty.
   * @param model the provider's own name for the model
   */
  surfaces(dialect: Dialect, model: string, needs?: SurfaceNeeds): readonly Surface[];
  /** Headers that carry the credentials. May ask an identity service; throws CredentialsError. */
  credentials(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Headers that depend on the whole request, added last. Throws CredentialsError. */
  sign?(request: SignableRequest, signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Told what a surface answered, so that a kind can learn where a model lives. */
  learn?(surface: Surface, dialect: Dialect, model: string, missing: boolean): void;
  close?(): Promise<void>;
}

/** A kind of provider: the whole of what a worker service defines. */
export interface ProviderKind {
  name: string;
  /** @throws ConfigurationError naming the field that is missing or wrong */
  connect(settings: ProviderSettings): ProviderConnection;
}

/** No usable credentials could be had; the message never holds one. */
export class CredentialsError extends Error {
  override name = 'CredentialsError';
}

/** Checks nothing; gives a definition its type where it stands. */
export function defineProviderKind(kind: ProviderKind): ProviderKind {
  return kind;
}
