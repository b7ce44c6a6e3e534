/** A connection that the policy does not permit. Nothing was sent, and nobody was connected to. */
export class OutboundRefusal extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'OutboundRefusal';
  }
}
