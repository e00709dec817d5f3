import fc from "fast-check";
import t from "tap";
import { flowsOf, portMasks } from "../../agent/domain/flows.js";

const range = fc
  .tuple(fc.integer({ min: 0, max: 65535 }), fc.integer({ min: 0, max: 65535 }))
  .map(([a, b]): [number, number] => (a < b ? [a, b] : [b, a]));

/** Whether a piece `value` or `0xvalue/0xmask` matches a port. */
function matches(piece: string | null, port: number): boolean {
  if (piece === null) return true;
  const [value = "", mask] = piece.split("/");
  return mask === undefined ? Number(value) === port : (port & Number(mask)) === Number(value);
}

t.test("the masked pieces of a port range match its ports, each by one piece, and no other", async () => {
  fc.assert(
    fc.property(range, fc.array(fc.integer({ min: 0, max: 65535 }), { maxLength: 50 }), (wanted, probes) => {
      const pieces = portMasks(wanted);
      const edges = [wanted[0], wanted[1], wanted[0] - 1, wanted[1] + 1].filter(
        (port) => port >= 0 && port <= 65535,
      );
      return (
        pieces.length <= 30 &&
        [...probes, ...edges].every(
          (port) =>
            pieces.filter((piece) => matches(piece, port)).length ===
            (port >= wanted[0] && port <= wanted[1] ? 1 : 0),
        )
      );
    }),
    { numRuns: 500 },
  );
});

t.test(
  "a hop is as many flows as its ranges have pieces, each with its own cookie; equal hops have equal cookies",
  async () => {
    fc.assert(
      fc.property(range, range, (sourcePorts, destinationPorts) => {
        const hop = {
          fromDevice: "a",
          toDevice: "b",
          match: { protocol: "tcp" as const, sourcePorts, destinationPorts },
          priority: 5,
        };
        const flows = flowsOf(
          hop,
          new Map([
            ["a", 1],
            ["b", 2],
          ]),
        );
        const cookies = flows.map(({ cookie }) => cookie);
        return (
          flows.length === portMasks(sourcePorts).length * portMasks(destinationPorts).length &&
          new Set(cookies).size === flows.length &&
          JSON.stringify(
            flowsOf(
              hop,
              new Map([
                ["a", 1],
                ["b", 2],
              ]),
            ).map(({ cookie }) => cookie),
          ) === JSON.stringify(cookies)
        );
      }),
      { numRuns: 200 },
    );
  },
);

t.test("a hop without an OpenFlow number at one end is no flow yet", async (t) => {
  t.same(flowsOf({ fromDevice: "a", toDevice: "b", match: {}, priority: 0 }, new Map([["a", 1]])), []);
});
