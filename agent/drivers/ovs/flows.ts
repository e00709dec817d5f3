/** Flow changes as the lines that `ovs-ofctl bundle` reads (ovs-ofctl(8), "Bundled flow mods"). */
import { LightmanoError } from "../../../model/errors.js";
import type { Flow } from "../../domain/observed.js";
import { cookieText } from "./openflow-messages.js";

/** Removals first, so that a flow may take the place of one that goes; all takes effect at once. */
export function bundleText(add: readonly Flow[], removeCookies: readonly string[]): string {
  const lines = [
    ...removeCookies.map((cookie) => `flow delete cookie=${cookieText(cookie)}/-1`),
    ...add.map((flow) => {
      const match = flow.match === "" ? "" : `,${flow.match}`;
      return `flow add cookie=${cookieText(flow.cookie)},table=${flow.table},priority=${flow.priority}${match},actions=${flow.actions}`;
    }),
  ];
  const broken = lines.find((line) => /[\r\n#]/.test(line));
  // A line break would make one flow two, and # a comment of the rest.
  if (broken !== undefined)
    throw new LightmanoError("ovs.failed", `a flow has a line break or # in it: ${JSON.stringify(broken)}`);
  return `${lines.join("\n")}\n`;
}
