// Listens to the element's events and calls one of its methods.

const conference = document.querySelector('wcs-conference');
const hello = document.querySelector('#hello');
const log = document.querySelector('#log');

conference.addEventListener('wcs-join', ({ detail }) => {
  log.textContent = `${detail.username} is in ${detail.room}.`;
  hello.disabled = false;
});
conference.addEventListener('wcs-leave', ({ detail }) => {
  log.textContent = `Not in the room: ${detail.reason}.`;
  hello.disabled = true;
});
conference.addEventListener('wcs-message', ({ detail }) => {
  log.textContent = `${detail.from} wrote: ${detail.text}`;
});
hello.addEventListener('click', () => conference.sendMessage('Hello!'));
