/** More than this need nobody hand on (W3C Trace Context, section 3.3.1.5). */
const LONGEST_TEXT = 512;
const MOST_MEMBERS = 32;
/** Of section 3.3.1.3: a vendor's name, or a tenant's at a vendor, and what it wrote. */
const MEMBER =
  /^(?:[a-z][-_0-9a-z*/]{0,255}|[a-z0-9][-_0-9a-z*/]{0,240}@[a-z][-_0-9a-z*/]{0,13})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * What tracing systems wrote for each other into a `tracestate`, as it is to be kept: members apart by
 * a comma alone, empty ones left out. Undefined for one that is malformed, too long or names somebody
 * twice: it counts as none, and the `traceparent` beside it holds all the same.
 */
export function readTraceState(header: string): string | undefined {
  if (header.length > LONGEST_TEXT) return undefined;
  const members = header
    .split(',')
    .map((member) => member.replaceAll(/^[ \t]+|[ \t]+$/g, ''))
    .filter((member) => member !== '');
  if (members.length === 0 || members.length > MOST_MEMBERS) return undefined;
  if (!members.every((member) => MEMBER.test(member))) return undefined;
  const names = new Set(members.map((member) => member.slice(0, member.indexOf('='))));
  return names.size === members.length ? members.join(',') : undefined;
}
