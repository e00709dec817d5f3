/**
 * SQL for an event of a clock that was not set (model/messages/node.ts, `clock`), as it should have been. `at` is the event's
 * path in the column's JSON; `?2` is when the machine started, ms since the epoch.
 */
export const correctedJson = (column: string, at: string): string =>
  `json_remove(json_set(${column}, '${at}.ts', strftime('%Y-%m-%dT%H:%M:%fZ', (?2 + (${column}->>'${at}.clock.atMs')) / 1000.0, 'unixepoch')), '${at}.clock')`;
