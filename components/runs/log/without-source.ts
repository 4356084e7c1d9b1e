/** The text of a line without the name of its writer, which agents put before each line where a run has several: `[pod-a] epoch 1`. */
export function withoutSource(text: string, source: string | null): string {
  const prefix = `[${source ?? ''}] `;
  return source !== null && text.startsWith(prefix) ? text.slice(prefix.length) : text;
}
