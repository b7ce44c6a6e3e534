/** Which forms of the job record a service knows. */
export interface RecordVersions {
  /** The form that it writes. */
  written: number;
  /** The newest form that it can read; what is beyond it is left to a newer service. */
  newest: number;
}

/**
 * The forms of this release. In the first one a record's texts have every member under its name and
 * its attempts are a list of their own; in the second one the texts are dense and the attempts are
 * fields of the record.
 *
 * A release raises `newest` first, and only the next one `written`: so no service writes what the
 * one before it cannot read. What a service does not know of a form it knows must not matter to it:
 * a new member with a meaning that older services may ignore needs no new version, a changed meaning
 * does.
 */
export const RECORD_VERSIONS: RecordVersions = { written: 2, newest: 2 };
