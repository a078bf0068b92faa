/** What the doctor has seen, in words for whoever runs the backend. */
export interface Finding {
  /** What was looked at: `worker`, `ports`, `addresses`, `turn`, `tls`, `recording`, `access`. */
  topic: string;
  /** `bad`: something will not work; `warning`: something may not, or is not safe. */
  level: 'good' | 'warning' | 'bad';
  text: string;
  /** What to do about it. */
  advice?: string;
}

/** Makes the findings of one topic. */
export function about(topic: string) {
  return {
    good: (text: string): Finding => ({ topic, level: 'good', text }),
    warning: (text: string, advice: string): Finding => ({ topic, level: 'warning', text, advice }),
    bad: (text: string, advice: string): Finding => ({ topic, level: 'bad', text, advice }),
  };
}

const SIGN = { good: '✔', warning: '!', bad: '✘' } as const;

/** For people at a terminal. */
export function toText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ topic }) => topic.length));
  const lines = findings.flatMap(({ topic, level, text, advice }) => [
    `${SIGN[level]} ${topic.padEnd(width)}  ${text}`,
    ...(advice ? [`  ${' '.repeat(width)}  → ${advice}`] : []),
  ]);
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  const bad = count('bad');
  const summary = bad > 0 ? `${bad} of these must be put right.` : 'Nothing here stands in the way of a call.';
  const warnings = count('warning');
  return [...lines, '', warnings > 0 ? `${summary} Warnings: ${warnings}.` : summary].join('\n');
}
