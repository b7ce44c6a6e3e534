/** Everything about keys shares one slot, so that one script changes it together. */
function base(prefix: string): string {
  return `${prefix}:{api-keys}`;
}

export function pepperKey(prefix: string): string {
  return `${base(prefix)}:pepper`;
}

export function pepperIdKey(prefix: string): string {
  return `${base(prefix)}:pepper-id`;
}

/** Before the selector of a key. */
export function recordsPrefix(prefix: string): string {
  return `${base(prefix)}:key:`;
}

/** Selectors of all keys. */
export function selectorsKey(prefix: string): string {
  return `${base(prefix)}:hashes`;
}

/** Before the name of a project: the set of its keys' selectors. */
export function ofProjectPrefix(prefix: string): string {
  return `${base(prefix)}:of:`;
}

/** Selector of each key, by its id. */
export function idsKey(prefix: string): string {
  return `${base(prefix)}:ids`;
}

/** When each key was last used, by its selector; 0 for never. */
export function lastUsesKey(prefix: string): string {
  return `${base(prefix)}:used`;
}

/** Selector of the key that UNDERSTUDY_API_KEY names. */
export function environmentKey(prefix: string): string {
  return `${base(prefix)}:environment`;
}

/** Each project, by its name. */
export function projectsKey(prefix: string): string {
  return `${base(prefix)}:projects`;
}

/** What an idempotency key made. */
export function madeKey(prefix: string, id: string): string {
  return `${base(prefix)}:made:${id}`;
}

/** Where the project of a key that was taken back is published. */
export function revokedChannel(prefix: string): string {
  return `${base(prefix)}:revoked`;
}
