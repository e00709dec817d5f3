/** Deliberate faults of the code under simulation, put in at its seams: a simulator that does not find them is none. */
export const BUGS = {
  "no-fsync": "syncs of files do nothing",
  "ack-before-commit": "the agent's journal says that it has what it has only begun to write",
  "no-fence": "a node of a site takes owners from whichever hub, also of a term that is over",
  "no-dedup": "the controller takes reports that it has already",
  "restart-on-rejoin": "an agent that reconnects starts its LVNFs anew",
} as const;

export type Bug = keyof typeof BUGS;
export type Bugs = ReadonlySet<Bug>;
