/** The verb about a site of several nodes. */
import type { Command } from "commander";
import type { SiteView } from "../../hub/view.js";
import type { Tools } from "./common.js";

export function addSiteVerbs(program: Command, tools: Tools): void {
  program
    .command("site")
    .description("the nodes of the site")
    .command("show")
    .description("hub, term, nodes and what they own, as this node knows it")
    .action(async () => {
      const { client, output } = tools();
      output.show(await client.get<SiteView>("/api/v1/site"), (view) => {
        output.line(hubLine(view));
        if (view.quorum === false)
          output.line("the hub hears too few nodes: what runs goes on, nothing new is given out");
        output.table(
          ["NODE", "ROLE", "HEARD", "SERVICES"],
          view.nodes.map(({ node, candidate, heardMs, services }) => [
            node === view.node ? `${node} (this)` : node,
            node === view.hub ? "hub" : candidate ? "candidate" : "member",
            heardMs === null ? (view.role === "hub" ? output.state("failed") : "") : `${heardMs} ms ago`,
            services.join(", "),
          ]),
        );
        if (view.unowned.length > 0) output.line(`without a node: ${view.unowned.join(", ")}`);
      });
    });
}

export function hubLine({
  role,
  hub,
  term,
  lease,
}: Pick<SiteView, "role" | "hub" | "term" | "lease">): string {
  const who = hub === null ? "no hub is heard" : role === "hub" ? "this node is hub" : `hub is ${hub}`;
  const by = term ? `, term ${term.number}` : "";
  return `${who}${by}; role ${role}${lease === null ? "" : lease ? "; lease holds" : "; lease has ended"}`;
}
