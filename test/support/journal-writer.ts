/** A program that writes to a journal until it is killed: prints a number only once it is on disk. */
import { openJournal } from "../../agent/store/journal.js";
import { agentEvent } from "./events.js";

const [path = ""] = process.argv.slice(2);
const journal = await openJournal(path, Date.now);
for (let number = 1; ; number++) {
  const event = agentEvent(`number/${number}`);
  await journal.append([event], [{ event }]);
  process.stdout.write(`${number}\n`);
}
