// React 19 sets properties of custom elements and listens to their events by itself: no wrapper is needed.

import { useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import 'wcs-rooms';
import type { WcsConference } from 'wcs-rooms';
import type {} from 'wcs-rooms/jsx';

function App() {
  const conference = useRef<WcsConference>(null);
  const [log, setLog] = useState('Not in the room.');
  const [inRoom, setInRoom] = useState(false);
  return (
    <>
      <header>
        <button type="button" disabled={!inRoom} onClick={() => void conference.current?.sendMessage('Hello!')}>
          Say hello
        </button>
        <output>{log}</output>
      </header>
      <wcs-conference
        ref={conference}
        username="Rea"
        server-url="/ws"
        no-prejoin
        maxParticipants={10}
        onwcs-join={({ detail }) => {
          setLog(`${detail.username} is in ${detail.room}.`);
          setInRoom(true);
        }}
        onwcs-leave={({ detail }) => {
          setLog(`Not in the room: ${detail.reason}.`);
          setInRoom(false);
        }}
        onwcs-message={({ detail }) => setLog(`${detail.from} wrote: ${detail.text}`)}
      />
    </>
  );
}

createRoot(document.getElementById('app')!).render(<App />);
