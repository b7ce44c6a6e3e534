import type { Dialect } from '@understudy/contracts';
import type { ProviderSettings } from '@understudy/configuration';
import type { VerdictRule } from '@understudy/verdicts';
import type { TopLevelEdits } from './edit-top-level.ts';

// What a kind's definition needs of other packages' types, so that services depend on this one.
export type { Dialect } from '@understudy/contracts';
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
}

/** A configured provider, ready to be called. */
export interface ProviderConnection {
  /** Whose own models it serves first: the preset, or the kind. */
  vendor: string;
  dialects: readonly Dialect[];
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
  surfaces(dialect: Dialect, model: string): readonly Surface[];
  /** Headers that carry the credentials. May ask an identity service; throws CredentialsError. */
  credentials(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
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
