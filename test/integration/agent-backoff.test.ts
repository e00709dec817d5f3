/** How the loop backs off, whatever is done to the clock. */
import t from "tap";
import { IMMEDIATE_RESTARTS } from "../../agent/domain/supervision.js";
import { deployed } from "../support/loop.js";

const BREAKOUT = "mec.breakout";
const FLOWS = 10;

t.test("a crash loop backs off, and says so", async (t) => {
  const { node, loop } = await deployed(t);
  for (let death = 1; death <= IMMEDIATE_RESTARTS; death++) {
    node.click.control.kill(BREAKOUT);
    await loop.ran(BREAKOUT, death + 1);
  }
  const starts = () => node.click.control.calls.filter(({ operation }) => operation === "start").length;
  const before = starts();
  node.click.control.kill(BREAKOUT);
  await loop.until("it backs off", () => loop.fn(BREAKOUT).state === "backoff");
  t.match(loop.eventsOf(`function/${BREAKOUT}`, "function.died").at(-1), {
    action: /^start again in 7(50|4\d) ms$/,
  });
  t.match(loop.service(), { state: "degraded", code: "click.exited" });
  await loop.until("traffic goes past it", () => node.flows().length < FLOWS);
  t.equal(starts(), before);
  loop.putForward(750);
  await loop.active();
  t.equal(starts(), before + 1);
});

t.test("deaths that an operator forgave do not count, and what runs is left alone", async (t) => {
  const { node, loop } = await deployed(t);
  t.notOk(loop.forgive(BREAKOUT), "there is nothing to forgive yet");
  for (let death = 1; death <= IMMEDIATE_RESTARTS; death++) {
    node.click.control.kill(BREAKOUT);
    await loop.ran(BREAKOUT, death + 1);
  }
  const running = node.click.control.processOf(BREAKOUT)?.pid;
  t.ok(loop.forgive(BREAKOUT));
  t.notOk(loop.forgive(BREAKOUT));
  await loop.active();
  t.equal(node.click.control.processOf(BREAKOUT)?.pid, running);
  node.click.control.kill(BREAKOUT);
  await loop.ran(BREAKOUT, IMMEDIATE_RESTARTS + 2);
  t.match(loop.eventsOf(`function/${BREAKOUT}`, "function.died").at(-1), { action: "start again now" });
});

t.test("a clock that is set back lengthens no wait", async (t) => {
  const { node, loop } = await deployed(t);
  for (let n = 1; n <= IMMEDIATE_RESTARTS; n++) {
    node.click.control.kill(BREAKOUT);
    await loop.ran(BREAKOUT, n + 1);
  }
  node.click.control.kill(BREAKOUT);
  await loop.until("it waits", () => loop.fn(BREAKOUT).state === "backoff");
  node.setClock(-3_600_000);
  loop.putForward(1_000);
  await loop.ran(BREAKOUT, IMMEDIATE_RESTARTS + 2);
});

t.test("an LVNF that dies while the clock is set has its grace, and no more", async (t) => {
  const { node, loop } = await deployed(t);
  const letGo = node.click.control.hold("start");
  node.click.control.kill(BREAKOUT);
  await loop.until(
    "its death is seen",
    () => loop.eventsOf(`function/${BREAKOUT}`, "function.died").length > 0,
  );
  node.setClock(-3_600_000);
  loop.putForward(2_000);
  await loop.until("it is bypassed", () => loop.service().chains.some(({ state }) => state === "bypassed"));
  letGo();
  await loop.ran(BREAKOUT, 2);
  const healMs = Number(loop.eventsOf(`function/${BREAKOUT}`, "function.running").at(-1)?.data?.healMs);
  t.ok(healMs >= 2_000 && healMs < 60_000, `${healMs} ms, by a clock that nobody set`);
});
