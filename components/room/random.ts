/** `length` lower-case hexadecimal digits, at most 32. */
export function hex(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, length);
}

/** A random UUID (RFC 9562 §5.4). `crypto.randomUUID` exists only on pages served over https. */
export function uuid(): string {
  const digits = hex(32);
  const variant = '89ab'.charAt(parseInt(digits.charAt(16), 16) & 3);
  const parts = [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`];
  return [...parts, `${variant}${digits.slice(17, 20)}`, digits.slice(20)].join('-');
}
