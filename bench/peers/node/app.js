// The peer outside Python: Express with the provider's own middleware, the same few words as tutorial.py.
// PEER_MODULES names a folder with node_modules when they are not beside this file.
const path = require('path');
const from = process.env.PEER_MODULES ? path.join(process.env.PEER_MODULES, 'node_modules') + '/' : '';
const express = require(from + 'express');
const twilio = require(from + 'twilio');

const answers = {
  urgent: 'In danger now: call 999.',
  grooming: 'Grooming is when somebody builds trust in order to harm.',
  help: 'Text URGENT, GROOMING, LIVE, MEET or TALK.',
  live: 'You can end any video call.',
  meet: 'Do not go alone.',
  talk: 'You can talk to us.',
  about: 'You can talk to us.',
};
const app = express();
app.use(express.urlencoded({ extended: false }));
app.post('/sms', twilio.webhook({ protocol: 'http' }, process.env.TWILIO_AUTH_TOKEN), (req, res) => {
  const response = new twilio.twiml.MessagingResponse();
  const word = (req.body.Body || '').trim().toLowerCase();
  response.message(answers[word] || 'Sorry, we do not know that word. Text HELP for help.');
  res.type('text/xml').send(response.toString());
});
app.listen(Number(process.argv[2]), '127.0.0.1');
