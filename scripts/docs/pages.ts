/** The table of contents of docs/reference/. */
import { cliPage } from "./cli.js";
import { compatibilityPage, languagePage } from "./click.js";
import { commandsPage } from "./commands.js";
import { agentConfigPage, controllerConfigPage } from "./config.js";
import { descriptorsPage, lightmanoTypesYaml } from "./descriptors.js";
import { elementPage, elementsIndex, readElements } from "./elements.js";
import { errorsPage } from "./errors.js";
import { page, table } from "./markdown.js";
import { textPage } from "./text.js";
import { topicsPage } from "./topics.js";
import type { Pages } from "./tree.js";

/** All pages, made from the sources under `root`. */
export async function referencePages(root: string): Promise<Pages> {
  const elements = await readElements(root);
  return new Map([
    ["README.md", contents()],
    ["cli.md", cliPage()],
    ["agent-config.md", agentConfigPage()],
    ["controller-config.md", await controllerConfigPage()],
    ["descriptors.md", descriptorsPage()],
    ["lightmano_types.yaml", lightmanoTypesYaml()],
    ["topics.md", topicsPage()],
    ["commands.md", commandsPage()],
    ["errors.md", errorsPage()],
    ["click-compatibility.md", await compatibilityPage(root, elements)],
    ["click-language.md", await languagePage(root)],
    ["gtp-u.md", await textPage(root, "gtp-u.md", "GTP-U conformance")],
    ["gtp-control.md", await textPage(root, "gtp-control.md", "Bearers from the control plane")],
    ["elements/index.md", elementsIndex(elements)],
    ...elements.map((element) => [`elements/${element.name}.md`, elementPage(element, elements)] as const),
  ]);
}

function contents(): string {
  return page(
    "scripts/docs/pages.ts",
    "Reference",
    "These pages are made from the sources that the code itself uses; `npm run docs:check` fails when they differ.",
    table(
      ["Page", "What it lists"],
      [
        ["[The `lightmano` command](cli.md)", "verbs, options, exit codes"],
        ["[agent.yaml](agent-config.md)", "settings of a node"],
        ["[The controller's settings](controller-config.md)", "flags and file"],
        ["[Descriptor types](descriptors.md)", "the TOSCA types that a service is written in"],
        ["[lightmano_types.yaml](lightmano_types.yaml)", "the LightMANO profile as a file"],
        ["[MQTT topics and messages](topics.md)", "what agents and controller say to each other"],
        ["[Commands over MQTT](commands.md)", "the verbs that a node takes from afar"],
        ["[Errors](errors.md)", "codes, what they mean, what to do"],
        ["[Elements](elements/index.md)", "what a Click script can be made of"],
        ["[Click compatibility](click-compatibility.md)", "what lclick has of Click, class by class"],
        ["[Click's language](click-language.md)", "and its command line, feature by feature"],
        ["[GTP-U conformance](gtp-u.md)", "TS 29.281 clause by clause: what is done, which test shows it"],
        [
          "[Bearers from the control plane](gtp-control.md)",
          "what is read of GTP-C and S1AP, and what comes of it",
        ],
      ],
    ),
    "REST is described by hand: [rest.md](../rest.md).",
  );
}
