/** An address as it must be, whatever the model's name. */
export interface UrlShape {
  /** All up to the model; the whole address where the model stands in the body. */
  before: string;
  /** All after the model; absent where the model stands in the body. */
  after?: string;
}

/**
 * What is wrong with an address that was made for a model of this name; undefined when nothing is.
 * The name must be one segment of the path, and the same name again when a server decodes it; and
 * a client that normalises addresses must find nothing to change.
 */
export function urlSafetyProblem(shape: UrlShape, name: string, url: string): string | undefined {
  if (shape.after === undefined) {
    return url === shape.before ? undefined : `${url} is not ${shape.before}`;
  }
  if (URL.parse(url)?.href !== url) return `${url} is not what a client would call`;
  if (!url.startsWith(shape.before)) return `${url} does not begin with ${shape.before}`;
  const rest = url.slice(shape.before.length);
  if (!rest.endsWith(shape.after)) return `${url} does not end with ${shape.after}`;
  const segment = rest.slice(0, rest.length - shape.after.length);
  if (/[/\\?#]/.test(segment)) return `${url} has more parts than one for the model`;
  return decoded(segment) === name ? undefined : `${url} does not carry the name`;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
