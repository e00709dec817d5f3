/**
 * Whom a function belongs to that no service's target has. Pure. Absence is no wish: a journal may have been lost, a
 * package may be on its way. What runs is removed because something is known of its service, and never because
 * nothing is.
 */
import type { Target } from "./target.js";

/** Why what is left of this function has to stay, or null: it may go. Functions of the target have no place here. */
export function claimOn(functionId: string, { services, gone }: Target): string | null {
  // An id may have dots: more than one service can be meant, and any that is not read yet keeps it.
  const owners = prefixesOf(functionId);
  const unread = owners.find((id) => services.get(id)?.unread);
  if (unread !== undefined) return `service ${unread} is wanted and cannot be read`;
  if (owners.some((id) => services.has(id) || gone.has(id))) return null;
  return "the journal knows no service that it is of, also none that was terminated";
}

/** `a.b.c` may be of service `a` or `a.b`. */
const prefixesOf = (functionId: string): readonly string[] =>
  functionId.split(".").flatMap((_, index, parts) => (index > 0 ? [parts.slice(0, index).join(".")] : []));
