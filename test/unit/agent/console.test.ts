import fc from "fast-check";
import t from "tap";
import {
  createFrameReader,
  DATA,
  type Frame,
  frame,
  RESIZE,
  resizeFrame,
} from "../../../agent/console/protocol.js";

t.test("frames come out as they went in, however the stream is cut", async () => {
  const frames = fc.array(
    fc.record({ type: fc.integer({ min: 0, max: 2 }), body: fc.uint8Array({ maxLength: 40 }) }),
    { maxLength: 10 },
  );
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (sent, cuts) => {
      const stream = Buffer.concat(sent.map(({ type, body }) => frame(type, Buffer.from(body))));
      const got: Frame[] = [];
      const read = createFrameReader((f) => got.push({ type: f.type, body: Buffer.from(f.body) }));
      for (let at = 0, i = 0; at < stream.length; i++) {
        const size = cuts[i % cuts.length] ?? 1;
        read(stream.subarray(at, at + size));
        at += size;
      }
      return (
        JSON.stringify(got.map(({ type, body }) => [type, [...body]])) ===
        JSON.stringify(sent.map(({ type, body }) => [type, [...body]]))
      );
    }),
  );
});

t.test("a size is columns, then rows", async (t) => {
  const got: Frame[] = [];
  createFrameReader((f) => got.push(f))(resizeFrame(132, 43));
  t.match(got, [{ type: RESIZE }]);
  t.same([got[0]?.body.readUInt16BE(0), got[0]?.body.readUInt16BE(2)], [132, 43]);
});

t.test("a frame that claims more than a terminal writes is refused", async (t) => {
  const header = Buffer.from([DATA, 0x7f, 0xff, 0xff, 0xff]);
  t.throws(() => createFrameReader(() => undefined)(header), /console frame of 2147483647 bytes/);
});
