/** One thing that a caller may say and not every vendor can do. */
export interface Wish<Body = object> {
  /** Its row in the tables. */
  name: string;
  /** Members of the body that it is said with. */
  members?: Partial<Body>;
  /** It is what happens anyway where nothing can be asked for: not to say it loses nothing. */
  holdsAnyway?: true;
  /** Members that stand beside it, and mean nothing of it. */
  beside?: Partial<Body>;
  /** A part of the question, where it is that. */
  said?: object;
  /** Texts of which one stands in what the vendor gets, if the wish is carried at all. */
  arrivesAs?: readonly string[];
}
