/** The dashboard in a real browser, against a real controller and a node that speaks real MQTT. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import t from "tap";
import { topics } from "../../model/topics.js";
import { controller, instantiate, inventory, type Running, type Tap } from "../support/controller.js";
import { type FakeNode, functionStatus, startFakeNode } from "../support/fake-node.js";
import { until } from "../support/until.js";

const BROWSER = "/usr/bin/chromium";
const missing = existsSync(BROWSER)
  ? null
  : `the dashboard is NOT TESTED in a browser: ${BROWSER} is missing; sh scripts/setup.sh installs it`;
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const HTML = '<img src=x onerror="document.title=1">';

async function browser(t: Tap): Promise<BrowserContext> {
  const profile = await mkdtemp(join(tmpdir(), "lightmano-browser-"));
  t.teardown(() => rm(profile, { recursive: true, force: true, maxRetries: 5 }));
  const context = await chromium.launchPersistentContext(profile, { executablePath: BROWSER, args: FLAGS });
  t.teardown(() => context.close());
  context.setDefaultTimeout(15_000);
  return context;
}

/** The page, and what it complains of on the console or throws. */
async function open(t: Tap, port: number): Promise<{ page: Page; complaints: string[] }> {
  const page = await (await browser(t)).newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => void complaints.push(String(error)));
  await page.goto(`http://127.0.0.1:${port}/`);
  return { page, complaints };
}

/** A node that has reported itself, a service whose name and function are HTML, and an event. */
async function nodeWithService(t: Tap, at: Running): Promise<{ node: FakeNode; id: string }> {
  const node = await startFakeNode({ port: at.mqttPort ?? 0 });
  t.teardown(node.stop);
  await until("the node is connected", node.connected);
  await node.publish(topics.inventory(node.site, node.node), inventory);
  const { id } = await instantiate(at, "s1", HTML);
  await until("the service arrived", () => node.services.has(id));
  node.reportService(id, {
    state: "deploying",
    reason: HTML,
    functions: [functionStatus(id, HTML, { state: "starting" })],
  });
  node.report({ event: { ...node.event("function.started", HTML), object: HTML, cause: HTML } });
  await until("all is acknowledged", () => node.pending() === 0);
  return { node, id };
}

const shows = (page: Page, selector: string, text: string): Promise<void> =>
  page.locator(selector).filter({ hasText: text }).first().waitFor();
const focusIsOn = (page: Page, tag: string): Promise<boolean> =>
  page.evaluate((name) => document.activeElement?.localName === name, tag);

t.test("the dashboard in Chromium", { timeout: 120_000, ...(missing && { skip: missing }) }, async (t) => {
  const at = await controller(t);
  const { node, id } = await nodeWithService(t, at);
  const { page, complaints } = await open(t, at.restPort);
  await page.evaluate(() => document.body.setAttribute("data-loaded", "once"));

  await t.test("shows site, node and service, and markup in a name as text", async (t) => {
    await shows(page, "#sites h3", "s1");
    await shows(page, "#sites .name", "n1");
    await shows(page, "#sites .badge", "online");
    await shows(page, "#sites .quiet", "4 × AMD GX-412TC");
    await shows(page, "#services summary .name", HTML);
    await shows(page, "#services tbody th", HTML);
    await shows(page, "#services summary .badge", "deploying");
    await shows(page, "#events .detail", HTML);
    t.equal(await page.locator("main img").count(), 0);
    t.equal(await page.title(), "LightMANO controller");
  });

  await t.test("shows a reported change without being loaded again", async (t) => {
    node.reportService(id, { state: "active", functions: [functionStatus(id, "gtp")] });
    await shows(page, "#services summary .badge", "active");
    await shows(page, "#services td .badge", "running");
    await shows(page, "#services summary", "1 of 1 functions running");
    t.equal(await page.getAttribute("body", "data-loaded"), "once");
  });

  await t.test("lets a keyboard close, open and read a service, also while it changes", async (t) => {
    await page.keyboard.press("Tab");
    t.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to services");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    t.ok(await focusIsOn(page, "summary"), "the first stop after the skip is the service");
    await page.keyboard.press("Enter");
    await page.locator("#services table").waitFor({ state: "hidden" });
    node.reportService(id, { state: "degraded", reason: "changed meanwhile" });
    await shows(page, "#services summary .badge", "degraded");
    t.ok(await focusIsOn(page, "summary"), "drawn anew it has the focus still");
    t.equal(await page.locator("#services details[open]").count(), 0, "and is closed still");
    node.reportService(id, { state: "active", functions: [functionStatus(id, "gtp")] });
    await shows(page, "#services summary .badge", "active");
    await page.keyboard.press("Enter");
    await shows(page, "#services tbody th", "gtp");
    await page.keyboard.press("Tab");
    t.equal(
      await page.evaluate(() => document.activeElement?.getAttribute("aria-label")),
      `Functions of ${HTML}`,
    );
    await node.publish(topics.inventory(node.site, node.node), { ...inventory, os: "Debian 13" });
    await shows(page, "#sites .quiet", "Debian 13");
    node.report({ event: node.event("redraw", "of all") });
    await shows(page, "#events .detail", "of all");
    t.equal(
      await page.evaluate(() => document.activeElement?.getAttribute("aria-label")),
      `Functions of ${HTML}`,
      "a table that can be scrolled keeps the focus",
    );
  });

  await t.test("fits a phone", async (t) => {
    await page.setViewportSize({ width: 375, height: 800 });
    t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
  });

  await t.test("shows that the node went away, and that what it said is old", async () => {
    await node.publish(topics.status(node.site, node.node), { status: "offline" });
    await shows(page, "#sites .badge", "offline");
    await shows(page, "#services summary .badge", "was active");
    await shows(page, "#services summary", "node away; last reported");
  });

  t.same(complaints, [], "no error on the console");

  await t.test("says that its stream broke, and recovers", async (t) => {
    await at.stop();
    await shows(page, "#link", "Disconnected");
    await shows(page, "#notice", "No connection to the server since");
    const beyond = page
      .locator("#link")
      .evaluate((link) => link.getBoundingClientRect().right - window.innerWidth);
    t.ok((await beyond) <= 0, "the whole word is on a phone's screen");
    const { stateDir, restPort } = at;
    const again = await controller(t, { stateDir, restPort, mqttPort: at.mqttPort ?? 0 });
    await shows(page, "#link", "Live");
    await page.locator("#notice").waitFor({ state: "hidden" });
    await until("the node is connected", node.connected);
    node.reportService(id, { state: "failed", reason: "after the break" });
    await shows(page, "#services .reason", "after the break");
    await shows(page, "#sites .badge", "online");
    t.equal(await page.getAttribute("body", "data-loaded"), "once");
    t.equal(again.restPort, restPort);
    for (const each of complaints)
      t.match(each, /net::ERR_.*\/api\/v1\/stream$/, "nothing but the break itself");
  });
});
