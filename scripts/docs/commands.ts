/** docs/reference/commands.md, from the table of verbs that the agent itself answers by. */
import { LOCAL_VERBS, VERBS } from "../../agent/commands/verbs.js";
import { code, page, table } from "./markdown.js";
import { membersOf } from "./schema.js";

const INTRODUCTION = `Publish a [Command](topics.md#command) to \`lightmano/v1/{site}/node/{node}/cmd/{verb}\`, QoS 1, not retained, and listen to
\`lightmano/v1/{site}/node/{node}/reply/{id}\` before. Every command is answered: \`ok\`, \`failed\` or \`expired\`.`;

const RULES = `- \`id\` is the idempotency key. The command is on the node's disk before the broker is told that it came; one that comes
  again is not done again and gets the answer that it got. A node remembers the ids of its newest 1000 commands.
- From \`ts\` to \`deadline\`, both by the sender's clock, the command may be begun and answered. How old it is when it comes
  the node tells by the controller's time where it has heard it, else by its own clock. A change whose age it cannot tell,
  because its clock is far behind, is refused with \`clock.unset\`.
- \`expired\` (\`operation.timeout\`): it came too late and nothing was done, or it was still under way at its deadline and
  goes on. The detail says which.
- A change that the agent died over is looked for when the agent is back: \`apply\`, \`service.terminate\` and \`lvnf.restart\` are answered
  \`ok\` where they took effect, else \`failed\` with \`operation.interrupted\`, and the detail says that nothing was done. Of \`lvnf.write\` and \`service.heal\`, and
  where the drivers cannot look within 30 s, it says that whether it took effect is not known. A read is done again.
- The controller sends commands for those who would rather not speak MQTT: [REST](../rest.md#the-controller-the-fleet).
- A result has at most 1 MiB.`;

export function commandsPage(): string {
  const verbs = [...VERBS];
  return page(
    "agent/commands/verbs.ts",
    "Commands over MQTT",
    INTRODUCTION,
    RULES,
    table(
      ["Verb", "Changes something", "What it does"],
      verbs.map(([name, { effect, does }]) => [code(name), effect === "change" ? "yes" : "", does]),
    ),
    "## Arguments",
    ...verbs.flatMap(([name, { args }]) => {
      const rows = membersOf(args).map(({ path, type, required, default: otherwise, description }) => [
        code(path),
        type,
        required ? "" : "optional",
        otherwise,
        description,
      ]);
      return rows.length === 0
        ? []
        : [`### ${name}\n\n${table(["Member", "Type", " ", "Default", "Meaning"], rows)}`];
    }),
    "## Not from afar",
    table(
      ["Verb", "Why, and what instead"],
      [...LOCAL_VERBS].map(([name, why]) => [code(name), why]),
    ),
  );
}
