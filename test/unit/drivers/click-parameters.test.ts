/** Parameters put into a script, against what lclick makes of NAME=VALUE on its command line. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { withParameters } from "../../../agent/drivers/click/parameters.js";
import { composeKernelScript, composeScript } from "../../../agent/drivers/click/script.js";
import { LCLICK, lvnf, missingClick } from "../../support/real-click.js";

const put = (script: string, parameters: Readonly<Record<string, string>>): string => {
  const { before, script: text } = withParameters(script, parameters);
  return before === "" ? text : `${before}\n${text}`;
};

t.test("values are put in their places, and lines keep their numbers", async (t) => {
  const script = `define($A 1, // the first, and $B 2
       $B "x, y" /* $B 3 */,
       $C (2,
           3));
Idle -> q :: Queue($A); define ( $D 4 )`;
  t.equal(
    put(script, { A: "7", C: "9", D: '"a), b"' }),
    `define($A 7, // the first, and $B 2
       $B "x, y" /* $B 3 */,
       $C 9
);
Idle -> q :: Queue($A); define ( $D "a), b")`,
  );
  t.equal(put(script, {}), script);
});

t.test("what only looks like a definition is left alone", async (t) => {
  for (const script of [
    "// define($A 1)\n",
    "/* define($A 1) */",
    'Message("define($A 1)")',
    "elementclass E { define($A 1); input -> Queue($A) -> output }",
    "redefine($A 1)",
    "m :: Message(define($A 1))",
  ])
    t.equal(withParameters(script, { A: "7" }).script, script);
});

t.test("what is not defined is defined before it", async (t) => {
  t.same(withParameters("Idle -> Queue($A) -> Discard;", { A: "7", B: "8" }), {
    before: "define($A 7);\ndefine($B 8);",
    script: "Idle -> Queue($A) -> Discard;",
  });
});

t.test(
  "lclick makes the same of it as of its command line",
  { skip: (await missingClick()) ?? false },
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "lmt-parameters-"));
    t.teardown(() => rm(folder, { recursive: true, force: true }));
    const flat = async (script: string, ...more: readonly string[]): Promise<string> => {
      await writeFile(join(folder, "s.click"), script);
      await promisify(execFile)(LCLICK, [
        "-q",
        "-f",
        join(folder, "s.click"),
        "-o",
        join(folder, "flat"),
        ...more,
      ]);
      return readFile(join(folder, "flat"), "utf8");
    };
    const script = `define($A 1, $B "x, y" /* c, d */); // define($A 9)
elementclass E { $A | input -> Queue($A) -> output } // its own $A
Idle -> q :: Queue($A) -> Discard; Idle -> E(3) -> Discard;
define($C 5);
Message("define($A no)"); Message($B); Idle -> Queue($C) -> Discard; Idle -> Queue($D) -> Discard;
`;
    for (const parameters of [{ D: "4" }, { A: "7", D: "4" }, { A: "7", B: '"p), q"', C: "8", D: "4" }]) {
      const given = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
      t.equal(await flat(put(script, parameters)), await flat(script, ...given), given.join(" "));
    }
    const breakout = await readFile(
      new URL("../../../examples/mobile-edge-cache/gtp-breakout.click", import.meta.url),
      "utf8",
    );
    const ports = "in0, in1, in2 :: Idle; out0, out1, out2 :: Discard;\n";
    const parameters = { RULE: '"tcp and (dst port 80 or dst port 443)"', MTU: "1400", FASTPATH: "off" };
    const given = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
    t.equal(
      await flat(ports + put(breakout, parameters)),
      await flat(ports + breakout, ...given),
      "the example",
    );
  },
);

t.test("a script for the kernel has its mark first, and the kernel's elements at its ports", async (t) => {
  const port = {
    bridgeDevice: "lmb0",
    functionDevice: "lmf0",
    interfaceName: "eth0",
    point: { name: "a", order: 0, macAddress: null, ipAddress: null, routes: [], redirects: [] },
  };
  const target = lvnf("x", "define($A 1);\nin0 -> Queue($A) -> out0;", {
    ports: [port],
    parameters: { A: "2", B: "3" },
  });
  t.equal(
    composeKernelScript(target, "// mark"),
    `// mark
define($B 3);
in0 :: FromDevice(lmf0, PROMISC true);
out0 :: { input -> Queue(1024) -> ToDevice(lmf0) };
# 1 "svc.x"
define($A 2);
in0 -> Queue($A) -> out0;`,
  );
  t.match(composeScript(target), /FromDevice\(lmf0, PROMISC true, SNIFFER true\)[\s\S]*define\(\$A 1\)/);
});
