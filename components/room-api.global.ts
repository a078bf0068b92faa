/**
 * The room API as a classic script, `<script src="/room-api.js">`: the global `RoomApi`, and `Flashphoner` with the same
 * inside for pages of WCS's older editions, which wrote `Flashphoner.roomApi.connect`.
 */
import { RoomApi } from './room-api.ts';

const { sdk, connect, events } = RoomApi;

Object.assign(globalThis, { RoomApi, Flashphoner: { ...sdk, roomApi: { connect, events } } });
