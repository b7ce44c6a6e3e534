import { Command } from 'ioredis';

/** `EVALSHA` or `EVAL`, whose reply comes as bytes. */
export class ScriptCommand extends Command {
  constructor(name: 'evalsha' | 'eval', args: (string | number | Buffer)[]) {
    // Without an encoding replies stay bytes.
    super(name, [], { replyEncoding: null });
    // Given later, as ioredis would look into each of the thirty for lists, and make texts of numbers.
    this.args = args;
  }

  /**
   * What goes over the wire (RESP). Where one argument is bytes ioredis writes each of the thirty
   * for itself; the texts before, between and after them are put together here first.
   */
  override toWritable(): string | Buffer {
    const pieces: Buffer[] = [];
    let text = `*${this.args.length + 1}\r\n$${this.name.length}\r\n${this.name}\r\n`;
    for (const arg of this.args) {
      if (Buffer.isBuffer(arg)) {
        pieces.push(Buffer.from(`${text}$${arg.length}\r\n`), arg);
        text = '\r\n';
      } else {
        text += `$${Buffer.byteLength(String(arg))}\r\n${String(arg)}\r\n`;
      }
    }
    if (pieces.length === 0) return text;
    pieces.push(Buffer.from(text));
    return Buffer.concat(pieces);
  }
}
