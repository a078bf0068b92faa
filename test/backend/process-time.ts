import { readFile } from 'node:fs/promises';

/** Milliseconds of CPU time that a process has used (proc(5), fields 14 and 15, in hundredths of a second). */
export async function processTime(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
