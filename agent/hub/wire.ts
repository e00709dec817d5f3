/** Between the domain's values and the site's topics: what is said, with the envelope and the settings' digest, and what is heard. */
import type { Envelope } from "../../model/messages/envelope.js";
import type { HubBeacon, NodeAssignment, NodeBeat } from "../../model/messages/site.js";
import type { Beacon, Beat } from "../domain/site/messages.js";
import type { SiteEffect, SiteEvent } from "../domain/site/node.js";

export interface Seal {
  readonly envelope: () => Envelope;
  readonly settings: string;
}

export const beaconMessage = ({ envelope, settings }: Seal, beacon: Beacon): object => ({
  ...envelope(),
  settings,
  ...beacon,
});

export const beatMessage = ({ envelope, settings }: Seal, { node: _, ...beat }: Beat): object => ({
  ...envelope(),
  settings,
  ...beat,
});

export const assignmentMessage = (
  { envelope, settings }: Seal,
  { assignment }: Extract<SiteEffect, { do: "assign" }>,
): object => ({ ...envelope(), settings, ...assignment });

export const beaconEvent = ({ term, number, committed, grants }: HubBeacon): SiteEvent => ({
  type: "beacon",
  beacon: { term, number, committed, grants },
});

export const beatEvent = (node: string, message: NodeBeat): SiteEvent => {
  const { beat, adopted, echo, table, voice, whole, obeyed, holds, offer } = message;
  return {
    type: "beat",
    beat: { node, beat, adopted, echo, table, voice, whole, obeyed, holds, offer },
  };
};

export const assignmentEvent = ({ table, committed, voice }: NodeAssignment): SiteEvent => ({
  type: "assignment",
  assignment: { table, committed, voice },
});
