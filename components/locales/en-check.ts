import type { CheckTexts } from './dictionary.ts';

/** The English texts of the connection test; they come with it. */
export const enCheck: CheckTexts = {
  checkTitle: 'Connection test',
  checkRunning: 'Testing your connection…',
  checkGood: 'Your connection is fine for sound and picture.',
  checkPoor:
    'It will work, but sound and picture have to take a detour and may stutter: your network blocks the direct way (UDP). If they do, try another network or switch off the VPN.',
  checkBlocked:
    'Sound and picture cannot get through: your network blocks them. Try another network, switch off the VPN, or ask whoever runs your network to let them through. You can still join to read and write.',
  checkFailed: 'The test did not get to the server.',
  checkDetails: 'Details',
  checkAgain: 'Test again',
  checkServer: 'Server',
  checkUdp: 'Direct (UDP)',
  checkTcp: 'Direct (TCP)',
  checkRelay: 'Relay server (TURN)',
  checkAnswers: (milliseconds) => `answers after ${milliseconds} ms`,
  checkNoAnswer: 'not reached',
  checkOpen: 'open',
  checkClosed: 'blocked',
  checkAbsent: 'not offered',
};
