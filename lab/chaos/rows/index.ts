/** The rows of the table, in the order in which they are run. */
import type { Row } from "../row.js";
import { nowUs } from "../traffic.js";
import { AGENT_ROWS } from "./agent.js";
import { FUNCTION_ROWS } from "./functions.js";
import { NODE_ROWS } from "./node.js";
import { SERVICE_ROWS } from "./services.js";
import { NOTHING_DONE, NOTHING_LOST } from "./told.js";

export const ROWS: readonly Row[] = [
  {
    name: "nothing",
    does: "nothing breaks: what does the bed itself lose?",
    victims: [],
    bounds: NOTHING_LOST,
    tells: [],
    never: NOTHING_DONE,
    act: async () => ({ atUs: nowUs() }),
  },
  ...FUNCTION_ROWS,
  ...AGENT_ROWS,
  ...SERVICE_ROWS,
  ...NODE_ROWS,
];
