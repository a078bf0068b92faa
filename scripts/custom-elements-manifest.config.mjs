export default {
  globs: ['components/**/*.ts'],
  exclude: ['components/room/**'],
  outdir: 'dist',
  litelement: true,
  packagejson: false,
};
