/**
 * What is used of mediasoup-client, as a module of its own to import lazily: a bundler that splits code gives a
 * CommonJS package that is imported dynamically by itself only a default export, while Node names its exports too.
 */
export { Device } from 'mediasoup-client';
