/** Content that tells from its bytes which one it is and whether any are missing. */
export function patternOf(seed: number, bytes: number): Buffer {
  const block = Buffer.alloc(1021);
  for (let index = 0; index < block.length; index += 1)
    block[index] = (seed * 31 + index * 7) % 251;
  return Buffer.alloc(bytes, block);
}
