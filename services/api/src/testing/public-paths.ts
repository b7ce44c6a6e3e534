/** What anybody may read. A route that is to be public needs its path here as well. */
export const PUBLIC_PATHS = /^\/(?:|healthz|readyz|openapi\.json|(?:docs|console)(?:\/.*)?)$/;
