/** `/api/v1/nodes/SITE/NODE/commands`: what an operator asks of a node, by way of the controller. */
import type { FastifyInstance } from "fastify";
import { LightmanoError } from "../../model/errors.js";
import { asNodeId, asSiteId, isId, type NodeId, type SiteId } from "../../model/ids.js";
import type { Commands } from "../commands.js";
import type { Fleet } from "../fleet.js";
import type { CommandRecord } from "../store/commands.js";
import type { Store } from "../store/store.js";
import { CommandRequest } from "./schemas.js";

interface Params {
  readonly site: string;
  readonly node: string;
  readonly id: string;
}

const PATH = "/api/v1/nodes/:site/:node/commands";
const DEFAULT_DEADLINE_S = 60;
const LISTED = 100;

export function commandRoutes(
  server: FastifyInstance,
  {
    store,
    fleet,
    commands,
  }: {
    readonly store: Pick<Store, "commands">;
    readonly fleet: Fleet;
    readonly commands: Commands;
  },
): void {
  const known = ({ site, node }: Pick<Params, "site" | "node">): { site: SiteId; node: NodeId } => {
    const found = isId(site) && isId(node) ? fleet.node(asSiteId(site), asNodeId(node)) : null;
    if (!found) throw new LightmanoError("object.not-found", `no node ${node} at site ${site}`);
    return found;
  };

  server.post<{ Params: Params; Body: CommandRequest }>(
    PATH,
    { schema: { body: CommandRequest } },
    async ({ params, body }, reply) => {
      const { id, verb, args = {}, deadlineSeconds = DEFAULT_DEADLINE_S } = body;
      const { site, node } = known(params);
      const asked = await commands.ask({ site, node, id, verb, args, deadlineMs: deadlineSeconds * 1_000 });
      return reply
        .code(202)
        .header("location", `/api/v1/nodes/${site}/${node}/commands/${asked.id}`)
        .send(commandView(asked));
    },
  );
  server.get<{ Params: Params }>(PATH, async ({ params }) => {
    const { site, node } = known(params);
    return (await store.commands.ofNode(site, node, LISTED)).map(commandView);
  });
  server.get<{ Params: Params }>(`${PATH}/:id`, async ({ params }) => {
    const { site, node } = known(params);
    const found = await store.commands.get(site, node, params.id);
    if (!found) throw new LightmanoError("object.not-found", `no command ${params.id} to ${site}/${node}`);
    return commandView(found);
  });
}

/** `state`: waiting (for the broker) · sent · ok · failed · expired. */
function commandView(command: CommandRecord): object {
  const { answer, sentAt, answeredAt, ...asked } = command;
  return {
    ...asked,
    state: answer?.outcome ?? (sentAt === null ? "waiting" : "sent"),
    sentAt,
    answeredAt,
    result: answer?.result ?? null,
    code: answer?.code ?? null,
    detail: answer?.detail ?? null,
  };
}
