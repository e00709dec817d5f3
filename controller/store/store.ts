/** The controller's memory: one SQLite file. Each member is the queries of one subject. */
import { join } from "node:path";
import type { Engine } from "../../store/engine.js";
import { openSqlite } from "../../store/sqlite.js";
import { commandQueries } from "./commands.js";
import { descriptorQueries } from "./descriptors.js";
import { desiredQueries } from "./desired.js";
import { instanceQueries } from "./instances.js";
import { nodeQueries } from "./nodes.js";
import { reportQueries } from "./reports.js";
import { MIGRATIONS } from "./schema.js";

export type Store = Awaited<ReturnType<typeof openStore>>;

/** Makes the folder too. `engine`: another than the real one, for simulation. */
export async function openStore(stateDir: string, clock: () => number, engine?: Engine) {
  const sqlite = await openSqlite(join(stateDir, "controller.db"), MIGRATIONS, clock, engine);
  const instances = instanceQueries(sqlite);
  const reports = reportQueries(sqlite);
  return {
    sqlite,
    descriptors: descriptorQueries(sqlite),
    instances,
    desired: desiredQueries(sqlite, clock),
    reports,
    nodes: nodeQueries(sqlite),
    commands: commandQueries(sqlite),
    /** Removes what is older than what is kept: the file does not grow for ever. */
    prune: (): Promise<void> => sqlite.write([...reports.prune(), instances.prune()]),
    health: sqlite.health,
    close: sqlite.close,
  };
}
