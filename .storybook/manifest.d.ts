declare module 'virtual:manifest' {
  import type { Manifest } from '../scripts/manifest.mjs';
  const manifest: Manifest;
  export default manifest;
}
