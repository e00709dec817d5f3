/**
 * What goes over a console's connection once HTTP has switched protocols: frames of one type byte, four bytes
 * of length (big endian) and so many bytes. Text both ways; the size of the terminal from the client only.
 */
export const CONSOLE_PROTOCOL = "lightmano-console/1";
export const DATA = 0;
/** Two 16-bit numbers, columns and rows. */
export const RESIZE = 1;
/** From the agent, last: one byte, the exit code. */
export const EXIT = 2;

const HEADER_BYTES = 5;
/** A terminal writes in small pieces; what claims more is no console client. */
const MAX_FRAME_BYTES = 1024 * 1024;

export interface Frame {
  readonly type: number;
  readonly body: Buffer;
}

export function frame(type: number, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(body.length, 1);
  return Buffer.concat([header, body]);
}

export function resizeFrame(columns: number, rows: number): Buffer {
  const body = Buffer.alloc(4);
  body.writeUInt16BE(columns, 0);
  body.writeUInt16BE(rows, 2);
  return frame(RESIZE, body);
}

/** Cuts a byte stream into frames, however it arrives. Throws for a frame that is too long. */
export function createFrameReader(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let buffer: Buffer = Buffer.alloc(0);
  return (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    while (buffer.length >= HEADER_BYTES) {
      const length = buffer.readUInt32BE(1);
      if (length > MAX_FRAME_BYTES) throw new RangeError(`console frame of ${length} bytes`);
      if (buffer.length < HEADER_BYTES + length) return;
      const body = buffer.subarray(HEADER_BYTES, HEADER_BYTES + length);
      const type = buffer.readUInt8(0);
      buffer = buffer.subarray(HEADER_BYTES + length);
      onFrame({ type, body });
    }
  };
}
