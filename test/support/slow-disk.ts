/** The real engine on a disk whose syncs a test holds up, or lets fail: what was not committed is not there. */
import type { Engine } from "../../store/engine.js";
import { nativeEngine } from "../../store/native-engine.js";
import { until } from "./until.js";

export interface SlowDisk {
  readonly engine: Engine;
  /** From now on each commit waits; call what is returned to let those that wait, and all later ones, go on. */
  hold(): () => void;
  /** From now on each commit fails, and nothing of it is there, until told null. */
  fail(reason: string | null): void;
  /** Resolves when a commit waits. */
  committing(): Promise<unknown>;
  readonly commits: () => number;
  /** Statements whose commit failed. */
  readonly failed: readonly string[];
}

export function slowDisk(): SlowDisk {
  let held: Promise<void> | null = null;
  let reason: string | null = null;
  let waiting = 0;
  let commits = 0;
  const failed: string[] = [];
  const sync = async (statements: readonly string[]): Promise<void> => {
    waiting += 1;
    await held;
    waiting -= 1;
    if (reason !== null) failed.push(...statements);
    if (reason !== null) throw Object.assign(new Error(reason), { code: "SQLITE_IOERR" });
    commits += 1;
  };
  return {
    engine: {
      async open(path) {
        const connection = await nativeEngine.open(path);
        let statements: string[] = [];
        return {
          ...connection,
          async all(sql, values) {
            if (sql.startsWith("BEGIN")) statements = [];
            statements.push(sql);
            if (sql === "COMMIT") await sync(statements);
            return connection.all(sql, values);
          },
        };
      },
    },
    hold() {
      let letGo: () => void = () => undefined;
      held = new Promise((resolve) => {
        letGo = resolve;
      });
      return () => {
        held = null;
        letGo();
      };
    },
    fail(why) {
      reason = why;
    },
    committing: () => until("a commit waits for the disk", () => waiting > 0),
    commits: () => commits,
    failed,
  };
}
