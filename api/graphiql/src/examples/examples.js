import signIn from './1-sign-in.graphql';
import watch from './2-watch.graphql';
import customerWrites from './3-customer-writes.graphql';
import inbox from './4-inbox.graphql';
import answer from './5-answer.graphql';
import deliveryState from './6-delivery-state.graphql';

// Empty ids are filled in as soon as the page knows them.
const sandboxMessage = { projectId: '', telegramUserId: '1001', name: 'Mira', text: 'Hello, where is my parcel?' };

/** The tabs of a first conversation, in its order. */
export const examples = [
  tab(signIn, { input: { email: '', password: '' } }),
  tab(watch, { projectId: '' }),
  tab(customerWrites, { input: sandboxMessage }),
  tab(inbox, { projectId: '' }),
  tab(answer, { input: { sessionId: '', text: 'It left yesterday and arrives tomorrow.' } }),
  tab(deliveryState, { sessionId: '' }),
];

function tab(query, variables) {
  return { query, variables: JSON.stringify(variables, null, 2) };
}
