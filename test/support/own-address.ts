/**
 * Where a test can say beforehand that something will listen. A port that is only looked up is a port for anybody: until it is
 * listened on, any connection of the machine, and each attempt at one, may be given it, and a test that runs beside this one
 * may open its broker there. An address of 127.0.0.0/8 that is this process's alone is in nobody's way.
 */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const FIRST_PORT = 20_000;
let taken = 0;

/** Process ids have at most 22 bits: 127.64.0.0/10 has as many addresses. */
export const OWN_HOST = [127, 64 + (process.pid >> 16), (process.pid >> 8) & 255, process.pid & 255].join(
  ".",
);

/** Another one each time. */
export function ownAddress(): Address {
  taken += 1;
  return { host: OWN_HOST, port: FIRST_PORT + taken };
}
