/** Deliberate faults of the code under simulation, put in at its seams: a simulator that does not find them is none. */
export const BUGS = {
  "no-fsync": "syncs of files do nothing",
  "ack-before-commit": "the agent's journal says that it has what it has only begun to write",
  "no-fence": "a node of a site takes owners from whichever hub, also of a term that is over",
  "no-term-memory": "a node of a site forgets with each start what it promised",
  "no-dedup": "the controller takes reports that it has already",
  "believes-nodes": "the controller takes it that it has what a node says that it had acknowledged",
  "one-voice": "the controller does not look whether another journal spoke in a node's name",
  "no-adoption": "the controller does not hear what a node holds that it has lost itself",
  "no-command-memory": "the node does not look whether a command came before",
  "restart-on-rejoin": "an agent that reconnects starts its LVNFs anew",
} as const;

export type Bug = keyof typeof BUGS;
export type Bugs = ReadonlySet<Bug>;
