// What answers are expected to say.

import assert from "node:assert/strict";

/** It took effect; gives the version. */
export function accepted(answer) {
  assert.ok(answer.accepted, `it is accepted, not ${JSON.stringify(answer)}`);
  assert.ok(Number.isSafeInteger(answer.accepted.version) && answer.accepted.version > 0);
  return answer.accepted.version;
}

/** It took no effect, for that reason; gives the detail. */
export function refused(answer, reason) {
  assert.equal(answer.refused?.reason, reason, JSON.stringify(answer));
  return answer.refused.detail;
}

/** Folds a seating's events into its cart, which is as much as the tests compare by themselves. */
export function fold(cart, events) {
  const lines = new Map(cart.map((line) => [line.line, { ...line }]));
  for (const { e } of events) {
    const line = lines.get(e.line);
    if (e.type === "line_added") {
      const { type, ...added } = e;
      lines.set(e.line, added);
    } else if (e.type === "quantity_changed" && line) line.quantity += e.by;
    else if (e.type === "line_edited" && line) {
      const { type, note, ...edited } = e;
      Object.assign(line, edited);
      if (note === undefined) delete line.note;
      else line.note = note;
      if (edited.options.length === 0) delete line.options;
    } else if (e.type === "line_removed") lines.delete(e.line);
    else if (e.type === "round_sent") e.lines.forEach((sent) => lines.delete(sent.line));
  }
  return [...lines.values()];
}
