export interface EndpointKeys {
  /** The endpoint as its owner sees it. */
  endpoint: string;
  /** Its turns and its breaker. */
  state: string;
  /** When each pending delivery is due; while one is under way, when its lease ends. */
  due: string;
  /** Pending deliveries by the time they were made or redelivered. */
  open: string;
  /** Delivered ones by the time they were. */
  delivered: string;
  /** Dead letters by the time they died. */
  dead: string;
  /** Settled deliveries that the project's lists do not know of yet. */
  settled: string;
  /** What the key of a delivery begins with; its id follows. */
  deliveries: string;
}

/** Everything of an endpoint shares one hash slot, so that one script changes it together. */
export function endpointKeys(prefix: string, endpoint: string): EndpointKeys {
  const base = `${prefix}:{wh:${endpoint}}`;
  return {
    endpoint: `${base}:endpoint`,
    state: `${base}:state`,
    due: `${base}:due`,
    open: `${base}:open`,
    delivered: `${base}:delivered`,
    dead: `${base}:dead`,
    settled: `${base}:settled`,
    deliveries: `${base}:delivery:`,
  };
}

/** The log of a delivery stands beside it. */
export function logKey(delivery: string): string {
  return `${delivery}:log`;
}

/** Ids of a project's registered endpoints; of removed ones until somebody reads the list. */
export function projectEndpointsKey(prefix: string, project: string): string {
  return `${prefix}:{p:${project}}:webhooks:endpoints`;
}

/** The keys that sign for callbacks which brought no secret. */
export function defaultSecretKey(prefix: string, project: string): string {
  return `${prefix}:{p:${project}}:webhooks:secret`;
}

/** Endpoints with pending deliveries, by the time they are looked at again. */
export function activeEndpointsKey(prefix: string): string {
  return `${prefix}:{webhooks}:active`;
}

/** Where it is said that a project's endpoints have changed; the message is the project. */
export function endpointsChannel(prefix: string): string {
  return `${prefix}:webhooks:endpoints-changed`;
}
