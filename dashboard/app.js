/**
 * Listens to /api/v1/stream and shows what it says. The same page is served by the controller (its fleet)
 * and by an agent (its site): it knows neither, only relative addresses.
 */
import { show, tick } from "./dom.js";
import { events, services, sites, summary } from "./view.js";

const KEPT_EVENTS = 100;
/** The server says `beat` every 15 s; without any for this long the stream is taken for dead. */
const SILENCE_MS = 40_000;
const RETRY_MS = 3_000;

const state = { nodes: new Map(), services: new Map(), events: new Map(), hello: null };
/** Server's clock minus ours. */
let clockOffset = 0;
let lastHeard = 0;
let lostAt = null;
let drawn = true;
let problem = null;

const now = () => Date.now() + clockOffset;
const nodeKey = (node) => `${node.site}/${node.id}`;
const serviceKey = (service) => `${service.site}/${service.node ?? ""}/${service.id}`;

const HANDLERS = {
  hello(data) {
    state.hello = data;
    clockOffset = Date.parse(data.now) - Date.now();
  },
  nodes(all) {
    state.nodes = new Map(all.map((node) => [nodeKey(node), node]));
  },
  services(all) {
    state.services = new Map(all.map((service) => [serviceKey(service), service]));
  },
  node(node) {
    if (!node) return;
    state.nodes.set(nodeKey(node), node);
    for (const [key, service] of state.services) {
      if (service.site === node.site && service.node === node.id)
        state.services.set(key, { ...service, nodeOnline: node.online });
    }
  },
  service({ site, id, services: rows }) {
    for (const [key, service] of state.services)
      if (service.site === site && service.id === id) state.services.delete(key);
    for (const row of rows) state.services.set(serviceKey(row), row);
  },
  event(event) {
    state.events.set(event.id, event);
    const oldest = [...state.events.keys()].sort((a, b) => a - b).slice(0, -KEPT_EVENTS);
    for (const id of oldest) state.events.delete(id);
  },
  ready() {
    lostAt = null;
  },
  beat({ now: at }) {
    clockOffset = Date.parse(at) - Date.now();
  },
};

function connect() {
  const source = new EventSource("api/v1/stream");
  const watchdog = setInterval(() => {
    if (Date.now() - lastHeard > SILENCE_MS) again("the stream fell silent");
  }, 5_000);
  lastHeard = Date.now();
  for (const [name, handle] of Object.entries(HANDLERS)) {
    source.addEventListener(name, (message) => {
      lastHeard = Date.now();
      try {
        handle(JSON.parse(message.data));
        problem = null;
      } catch (error) {
        problem = `A message of the stream could not be read: ${error.message}`;
      }
      redraw();
    });
  }
  source.onerror = () => {
    lostAt ??= Date.now();
    redraw();
    // The browser tries again by itself, and with Last-Event-ID, unless the answer was no stream at all.
    if (source.readyState === EventSource.CLOSED) again("the server refused the stream");
  };
  function again(why) {
    clearInterval(watchdog);
    source.close();
    lostAt ??= Date.now();
    console.warn(`stream: ${why}, trying again`);
    redraw();
    setTimeout(connect, RETRY_MS);
  }
}

/** At most one drawing a frame, however many messages came. A hidden page draws when it is looked at. */
function redraw() {
  if (!drawn) return;
  drawn = false;
  requestAnimationFrame(() => {
    drawn = true;
    draw();
  });
}

function draw() {
  const nodes = [...state.nodes.values()].sort((a, b) => nodeKey(a).localeCompare(nodeKey(b)));
  const all = [...state.services.values()];
  drawLink();
  // Nothing is not the same as nothing known: before the first answer no list is shown as empty.
  for (const section of document.querySelectorAll("main section")) section.hidden = state.hello === null;
  if (state.hello === null) return;
  show("summary", summary(nodes, all));
  show("sites", sites(nodes, all));
  show("services", services(all));
  show("events", events([...state.events.values()].sort((a, b) => b.id - a.id)));
  tick(now());
}

function drawLink() {
  const { hello } = state;
  const link = document.getElementById("link");
  const lost = lostAt !== null;
  link.dataset.state = lost ? "lost" : hello ? "live" : "connecting";
  const text = lost ? "Disconnected" : hello ? "Live" : "Connecting…";
  if (link.textContent !== text) link.textContent = text;
  document.body.classList.toggle("disconnected", lost);
  if (hello) {
    document.getElementById("role").textContent =
      hello.role === "controller" ? "fleet" : (hello.site ?? hello.role);
    document.title = `LightMANO ${hello.role}`;
  }
  if (lost)
    note(
      `No connection to the server since ${new Date(lostAt).toLocaleTimeString()}. What you see is from then; trying again.`,
    );
  else note(problem);
}

function note(text) {
  const notice = document.getElementById("notice");
  notice.hidden = text === null;
  if (text !== null && notice.textContent !== text) notice.textContent = text;
}

setInterval(() => tick(now()), 1_000);
draw();
connect();
